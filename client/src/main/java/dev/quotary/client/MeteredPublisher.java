package dev.quotary.client;

import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A stream that is a metered call each time somebody subscribes: reserved before the source is asked for, and committed when it ends.
 *
 * @param <T> of the items
 */
final class MeteredPublisher<T> implements Flow.Publisher<T> {
    private final Metering metering;
    private final Call call;
    private final Supplier<? extends Flow.Publisher<T>> source;
    private final Function<? super T, Optional<Usage>> usage;

    MeteredPublisher(
            Metering metering,
            Call call,
            Supplier<? extends Flow.Publisher<T>> source,
            Function<? super T, Optional<Usage>> usage) {
        this.metering = metering;
        this.call = call;
        this.source = source;
        this.usage = usage;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        // The caller's code runs on the common pool, as it may block the few threads here.
        var ignored = metering.reserve(call).handleAsync((reservation, failure) -> {
            if (failure == null) {
                begin(new MeteredSubscriber<T>(subscriber, new Settlement(reservation)));
            } else {
                MeteredSubscriber.refuse(subscriber, Transport.cause(failure));
            }
            return null;
        });
    }

    private void begin(MeteredSubscriber<T> metered) {
        try {
            source.get().subscribe(metered);
        } catch (RuntimeException e) {
            metered.onError(e);
        }
    }

    /** What one subscription has used so far. */
    final class Settlement {
        private final Reservation reservation;
        private volatile boolean begun;
        private volatile Optional<Usage> last = Optional.empty();

        Settlement(Reservation reservation) {
            this.reservation = reservation;
        }

        void item(T item) {
            begun = true;
            var read = metering.read(reservation, usage, item, Optional.<Usage>empty());
            if (read.isPresent()) {
                last = read;
            }
        }

        void completed(Runnable then) {
            settle(last.orElse(Usage.asHeld()), then);
        }

        /** What began to come is charged for: as it was told, else as it was held. */
        void failed(Throwable failure, Runnable then) {
            var broken = begun ? broken(Outcome.ERROR) : Usage.failed(failure);
            settle(broken.errorType(failure.getClass().getSimpleName()), then);
        }

        void cancelled() {
            settle(begun ? broken(Outcome.CANCELLED) : Usage.asHeld().outcome(Outcome.CANCELLED), () -> {});
        }

        private Usage broken(Outcome outcome) {
            return last.map(read -> read.outcome(outcome)).orElseGet(() -> Usage.broken(call, outcome));
        }

        private void settle(Usage used, Runnable then) {
            var ignored = metering.settled(reservation, used).thenRunAsync(then);
        }
    }
}
