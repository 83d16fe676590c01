package dev.quotary.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Many callers at once, each on a thread of its own. */
final class Together {
    private Together() {}

    /** What each caller, numbered from 0, got; they all begin at the same moment. */
    static <T> List<T> call(int callers, IntFunction<T> caller) {
        var start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<T>>();
            for (int i = 0; i < callers; i++) {
                int number = i;
                running.add(threads.submit(() -> {
                    start.await();
                    return caller.apply(number);
                }));
            }
            start.countDown();
            var answers = new ArrayList<T>();
            for (var call : running) {
                answers.add(call.get());
            }
            return answers;
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
