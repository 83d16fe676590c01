package dev.quotary.client;

import dev.quotary.client.json.Json;
import dev.quotary.client.json.JsonReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Carries requests to the server and its answers back, within a time that holds for all attempts of a request together. Thread-safe; two
 * threads of its own and one of the JDK's client.
 */
final class Transport implements AutoCloseable {
    static final int ATTEMPTS_MAX = 3;
    /** Each is a connection. */
    static final int OPEN_MAX = 128;
    /** Too many are no reason to let calls pass unasked; usage beyond that is kept, to be sent later. */
    static final int WAITING_MAX = 10_000;

    private static final int THREADS = 2;
    private static final long PAUSE_MILLIS = 50;
    private static final String PREFIX = "/api/v1/usage";

    private final Target target;
    private final ExecutorService threads;
    private final HttpClient http;
    private final Slots slots = new Slots(OPEN_MAX, WAITING_MAX);
    private final Map<Object, CompletableFuture<Answer>> open = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * Whom to ask, and for how long.
     *
     * @param timeout for an answer, all attempts together
     */
    record Target(URI url, String key, Duration connectTimeout, Duration timeout) {
        URI at(String path) {
            return URI.create(url.toString().replaceAll("/+$", "") + PREFIX + path);
        }

        /** The key is in no log. */
        @Override
        public String toString() {
            return url.toString();
        }
    }

    Transport(Target target) {
        this.target = target;
        this.threads = Executors.newFixedThreadPool(THREADS, work -> daemon(work, "quotary-http"));
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(target.connectTimeout())
                .executor(threads)
                .build();
    }

    static Thread daemon(Runnable work, String name) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** The answer, whatever it says; an {@link UnavailableException} if none came that is to be relied on, after {@link #ATTEMPTS_MAX}. */
    CompletableFuture<Answer> call(Request request) {
        return call(request, ATTEMPTS_MAX);
    }

    CompletableFuture<Answer> call(Request request, int attempts) {
        var total = new CompletableFuture<Answer>();
        if (closed) {
            total.completeExceptionally(new IllegalStateException("this client is closed"));
            return total;
        }
        var place = new Object();
        open.put(place, total);
        var ended = total.orTimeout(target.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((answer, failure) -> open.remove(place))
                .exceptionally(failure -> {
                    throw told(failure);
                });
        try {
            slots.enter(() -> begin(request, attempts, total));
        } catch (RejectedExecutionException e) {
            total.completeExceptionally(e);
        }
        return ended;
    }

    private boolean begin(Request request, int attempts, CompletableFuture<Answer> total) {
        if (total.isDone()) {
            return false;
        }
        var ignored = total.whenComplete((answer, failure) -> slots.leave());
        try {
            attempt(request, attempts, total);
        } catch (RejectedExecutionException e) {
            total.completeExceptionally(unavailable("this client is closed", e));
        }
        return true;
    }

    private RuntimeException told(Throwable failure) {
        var cause = cause(failure);
        if (cause instanceof TimeoutException) {
            return unavailable("no answer within " + target.timeout().toMillis() + " ms", cause);
        }
        return cause instanceof RejectedExecutionException overload ? overload : unavailable(cause);
    }

    private void attempt(Request request, int left, CompletableFuture<Answer> total) {
        var sent = http.sendAsync(request(request), info -> new BoundedBody());
        // A time-out, or whoever gave up waiting, ends the exchange as well.
        var unusedEnd = total.whenComplete((answer, failure) -> sent.cancel(true));
        var unusedNext = sent.handle((response, failure) -> {
            var result = failure == null ? read(response) : null;
            if (result != null && (result.success() || result.mistake().isPresent())) {
                total.complete(result);
            } else if (left > 1 && mayRepeat(request, failure)) {
                later(ATTEMPTS_MAX - left + 1, () -> attempt(request, left - 1, total), total);
            } else if (result != null) {
                total.completeExceptionally(unavailable(result));
            } else {
                total.completeExceptionally(unavailable(cause(failure)));
            }
            return null;
        });
    }

    private void later(int attempt, Runnable next, CompletableFuture<Answer> total) {
        CompletableFuture.delayedExecutor(PAUSE_MILLIS << (attempt - 1), TimeUnit.MILLISECONDS, threads)
                .execute(() -> {
                    if (!total.isDone()) {
                        next.run();
                    }
                });
    }

    /** What never reached the server may always be sent again. */
    private static boolean mayRepeat(Request request, @Nullable Throwable failure) {
        var cause = failure == null ? null : cause(failure);
        return request.repeat() || cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException;
    }

    private HttpRequest request(Request request) {
        var builder = HttpRequest.newBuilder(target.at(request.path()))
                .header("Authorization", "Bearer " + target.key())
                .header("Accept", "application/json");
        return request.body()
                .map(body -> builder.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)))
                .orElse(builder)
                .build();
    }

    private static Answer read(HttpResponse<byte[]> response) {
        var retryAfter = response.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("[0-9]{1,9}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
        return new Answer(response.statusCode(), body(response.body()), retryAfter);
    }

    /** A page of something on the way is no answer of the server; it says nothing. */
    private static Json body(byte[] bytes) {
        try {
            return JsonReader.read(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Json.Nil.NULL;
        }
    }

    private UnavailableException unavailable(Answer answer) {
        var said = Problem.of(answer)
                .map(problem -> problem.code() + ": " + problem.detail())
                .orElse("no answer of Quotary");
        return unavailable("status " + answer.status() + ", " + said, new UnavailableAnswer(answer));
    }

    private UnavailableException unavailable(@Nullable Throwable failure) {
        var cause = failure == null ? null : cause(failure);
        return cause instanceof UnavailableException known
                ? known
                : unavailable(cause == null ? "no answer" : String.valueOf(cause), cause);
    }

    private UnavailableException unavailable(String why, @Nullable Throwable cause) {
        return new UnavailableException("Quotary at " + target + " did not answer: " + why, cause);
    }

    static Throwable cause(@Nullable Throwable failure) {
        if (failure instanceof CompletionException && failure.getCause() != null) {
            return failure.getCause();
        }
        return failure == null ? new IllegalStateException("expected a failure") : failure;
    }

    /** Ends what is open and the threads. */
    @Override
    public void close() {
        closed = true;
        open.values().forEach(each -> each.completeExceptionally(unavailable("this client is closed", null)));
        if (http instanceof AutoCloseable closeable) {
            close(closeable);
        }
        threads.shutdown();
    }

    /** From Java 21 on the JDK's client has an end; before, its thread ends once nobody can reach it any more. */
    private static void close(AutoCloseable http) {
        try {
            http.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("the JDK's HTTP client does not close", e);
        }
    }

    /** An answer that is no answer to what was asked, such as a 503. */
    static final class UnavailableAnswer extends IOException {
        private static final long serialVersionUID = 1;

        private final transient Answer answer;

        UnavailableAnswer(Answer answer) {
            super("status " + answer.status());
            this.answer = answer;
        }

        Answer answer() {
            return answer;
        }
    }
}
