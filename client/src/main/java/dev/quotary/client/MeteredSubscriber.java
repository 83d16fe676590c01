package dev.quotary.client;

import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Passes a stream on, and settles it once, however it ends. The subscriber hears of the end after the settlement.
 *
 * @param <T> of the items
 */
final class MeteredSubscriber<T> implements Flow.Subscriber<T> {
    private final Flow.Subscriber<? super T> downstream;
    private final MeteredPublisher<T>.Settlement settlement;
    private final AtomicBoolean subscribed = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();

    MeteredSubscriber(Flow.Subscriber<? super T> downstream, MeteredPublisher<T>.Settlement settlement) {
        this.downstream = downstream;
        this.settlement = settlement;
    }

    @Override
    public void onSubscribe(Flow.Subscription upstream) {
        subscribed.set(true);
        downstream.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long count) {
                upstream.request(count);
            }

            @Override
            public void cancel() {
                upstream.cancel();
                if (ended.compareAndSet(false, true)) {
                    settlement.cancelled();
                }
            }
        });
    }

    @Override
    public void onNext(T item) {
        if (!ended.get()) {
            settlement.item(item);
            downstream.onNext(item);
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (ended.compareAndSet(false, true)) {
            settlement.failed(failure, () -> {
                if (subscribed.get()) {
                    downstream.onError(failure);
                } else {
                    refuse(downstream, failure);
                }
            });
        }
    }

    @Override
    public void onComplete() {
        if (ended.compareAndSet(false, true)) {
            settlement.completed(downstream::onComplete);
        }
    }

    /** Fails one who has not been subscribed yet. */
    static void refuse(Flow.Subscriber<?> subscriber, Throwable failure) {
        subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long count) {}

            @Override
            public void cancel() {}
        });
        subscriber.onError(failure);
    }
}
