package dev.quotary.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.quotary.api.declare.ApplyOrder;
import dev.quotary.api.declare.Declaring;
import dev.quotary.api.declare.Edit;
import dev.quotary.api.declare.Item;
import dev.quotary.api.declare.Kind;
import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Actor;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.CatalogChange;
import dev.quotary.catalog.CatalogChangedException;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.catalog.Declarations;
import dev.quotary.http.Documents;
import dev.quotary.ledger.Appended;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Evidence;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.Recount;
import dev.quotary.ledger.Result;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.memory.MemoryLimiter;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.PriceBook;
import dev.quotary.price.TokenUsage;
import dev.quotary.testkit.FakeClock;
import dev.quotary.testkit.Holds;
import dev.quotary.usage.Admissions;
import dev.quotary.usage.Rebinding;
import dev.quotary.usage.Settlements;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the simulation found in the declaring of plans. */
class DeclaringTest {
    private static final Call CALL =
            new Call(new OrganizationKey("acme"), new SubjectKey("ada"), null, Dimensions.NONE);
    private static final PriceBook NO_PRICES = PriceBook.of(List.of());

    private final FakeClock clock = new FakeClock();
    private final Store store = new Store();
    private final MemoryLedger.Storage storage = new MemoryLedger.Storage();

    private record Life(
            Catalog catalog, Declaring declaring, AtOnce ledger, MemoryLimiter limiter, Settlements settlements) {
        void use(long tokens) {
            var amounts = new Amounts(Quantities.ofTokens(1, tokens, 0), Money.ZERO);
            var _ = settlements.record(List.of(new UsageEvent(
                    new EventId(2, 1),
                    Holds.START,
                    CALL,
                    new Metered(amounts, TokenUsage.NONE, Optional.empty(), Evidence.REPORTED),
                    Result.SUCCESS,
                    "",
                    0)));
        }

        String name(String organization) {
            var declared = catalog.declarations().organizations().get(new OrganizationKey(organization));
            return declared == null ? "" : declared.name();
        }
    }

    @Test
    void change_that_was_saved_though_nobody_heard_does_not_come_back_at_the_next_start() {
        // Given: the renaming of one organization is saved, its answer lost; then another is changed
        var before = start();
        before.declaring()
                .apply(
                        Documents.json("{\"organizations\":[{\"key\":\"acme\",\"name\":\"old\"}]}"),
                        ApplyOrder.by(Actor.SERVER));
        store.loseNextAnswer = true;
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> before.declaring()
                        .apply(
                                Documents.json("{\"organizations\":[{\"key\":\"acme\",\"name\":\"new\"}]}"),
                                ApplyOrder.by(Actor.SERVER)));
        // When
        before.declaring()
                .apply(Documents.json("{\"organizations\":[{\"key\":\"other\"}]}"), ApplyOrder.by(Actor.SERVER));
        // Then: what is in force is what the next process finds
        var after = start();
        assertThat(before.name("acme")).isEqualTo("new").isEqualTo(after.name("acme"));
    }

    /** Use is recorded by the old limits while a new one is stored, and the process dies before that is counted. */
    @Test
    void what_a_change_did_not_get_counted_is_counted_by_the_next_process() {
        // Given
        var before = start();
        before.declaring()
                .apply(
                        Documents.json("{\"plans\":[{\"key\":\"free\"}],"
                                + "\"organizations\":[{\"key\":\"acme\",\"plan\":\"free\"}]}"),
                        ApplyOrder.by(Actor.SERVER));
        store.whileSaving = () -> {
            before.use(30);
            before.ledger().down = true;
        };
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> before.declaring()
                        .apply(
                                Documents.json("{\"plans\":[{\"key\":\"free\",\"limits\":[{\"key\":\"daily\","
                                        + "\"meter\":\"tokens\",\"window\":\"day\",\"max\":100}]}]}"),
                                ApplyOrder.by(Actor.SERVER)));
        store.whileSaving = () -> {};
        // When
        var after = start();
        // Then
        var status = new Admissions(after.catalog(), after.limiter(), clock).status(CALL);
        assertThat(status.orElseThrow().limits())
                .singleElement()
                .satisfies(daily -> assertThat(daily.used()).isEqualTo(30));
    }

    /** A commit has read the old limits, and is on its way to the ledger while a limit is added that counts it. */
    @Test
    void new_limit_has_the_use_that_was_on_its_way_while_it_was_declared() throws Exception {
        // Given
        var life = start();
        life.declaring()
                .apply(
                        Documents.json("{\"plans\":[{\"key\":\"free\"}],"
                                + "\"organizations\":[{\"key\":\"acme\",\"plan\":\"free\"}]}"),
                        ApplyOrder.by(Actor.SERVER));
        var onItsWay = new CountDownLatch(1);
        var mayArrive = new CountDownLatch(1);
        life.ledger().beforeAppending = () -> {
            onItsWay.countDown();
            await(mayArrive);
        };
        // When
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var using = threads.submit(() -> life.use(30));
            await(onItsWay);
            store.saved = new CountDownLatch(1);
            var declaring = threads.submit(() -> life.declaring()
                    .apply(
                            Documents.json("{\"plans\":[{\"key\":\"free\",\"limits\":[{\"key\":\"daily\","
                                    + "\"meter\":\"tokens\",\"window\":\"day\",\"max\":100}]}]}"),
                            ApplyOrder.by(Actor.SERVER)));
            await(store.saved);
            assertThatExceptionOfType(TimeoutException.class)
                    .as("it waits for what is on its way")
                    .isThrownBy(() -> declaring.get(100, TimeUnit.MILLISECONDS));
            mayArrive.countDown();
            using.get(30, TimeUnit.SECONDS);
            declaring.get(30, TimeUnit.SECONDS);
        }
        // Then
        var status = new Admissions(life.catalog(), life.limiter(), clock).status(CALL);
        assertThat(status.orElseThrow().limits())
                .singleElement()
                .satisfies(daily -> assertThat(daily.used()).isEqualTo(30));
    }

    private static final Item.Name ACME = new Item.Name(Kind.ORGANIZATION, "", "acme");
    private static final String DAILY = """
            {"plans":[{"key":"free","limits":[{"key":"daily","meter":"tokens","window":"day","max":100}]}],
             "organizations":[{"key":"acme","plan":"free"}]}""";

    private static void delete(Life life, Item.Name name) {
        life.declaring().edit(name, Actor.SERVER, _ -> new Edit.Decision.Remove());
    }

    @Test
    void deletion_that_was_stored_though_nobody_heard_is_in_force_with_the_next_change() {
        // Given
        var before = start();
        before.declaring().apply(Documents.json(DAILY), ApplyOrder.by(Actor.SERVER));
        store.loseNextAnswer = true;
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> delete(before, ACME));
        assertThat(before.name("acme")).isEqualTo("acme");
        // When
        before.declaring()
                .apply(Documents.json("{\"organizations\":[{\"key\":\"other\"}]}"), ApplyOrder.by(Actor.SERVER));
        // Then
        assertThat(before.name("acme")).isEmpty();
        assertThat(start().name("acme")).isEmpty();
        assertThat(start().name("other")).isEqualTo("other");
    }

    /** A call ends as its organization, which has used nothing yet, is deleted. */
    @Test
    void organization_that_is_declared_again_has_used_what_was_recorded_meanwhile() {
        // Given
        var before = start();
        before.declaring().apply(Documents.json(DAILY), ApplyOrder.by(Actor.SERVER));
        delete(before, ACME);
        before.use(30);
        // When
        var after = start();
        after.declaring().apply(Documents.json(DAILY), ApplyOrder.by(Actor.SERVER));
        // Then
        var status = new Admissions(after.catalog(), after.limiter(), clock).status(CALL);
        assertThat(status.orElseThrow().limits())
                .singleElement()
                .satisfies(daily -> assertThat(daily.used()).isEqualTo(30));
    }

    @Test
    void change_that_another_server_has_overtaken_is_decided_anew() {
        // Given
        var life = start();
        life.declaring().apply(Documents.json(DAILY), ApplyOrder.by(Actor.SERVER));
        store.overtaken = 2;
        var decided = new AtomicInteger();
        // When
        var edited = life.declaring().edit(ACME, Actor.SERVER, known -> {
            decided.incrementAndGet();
            return new Edit.Decision.Put(
                    known.orElseThrow().value().with("name", Documents.text("new")),
                    known.orElseThrow().owner());
        });
        // Then
        assertThat(decided).hasValue(3);
        assertThat(edited.before().orElseThrow().content()).doesNotContain("new");
        assertThat(life.name("acme")).isEqualTo("new");
        store.overtaken = Integer.MAX_VALUE;
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> delete(life, ACME));
        assertThat(life.name("acme")).isEqualTo("new");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Life start() {
        var catalog = new Catalog(new Declarations(Map.of(), Map.of(), Map.of(), NO_PRICES));
        var limiter = new MemoryLimiter();
        var ledger = new AtOnce(storage.open(Settlements.follower(limiter, clock)));
        var declaring = new Declaring(catalog, store, ledger, clock, NO_PRICES);
        declaring.load();
        var rebinding = new Rebinding(catalog);
        ledger.openSums(
                clock.instant(),
                sum -> rebinding.counter(sum).ifPresent(counter -> limiter.correct(counter, sum.used())));
        return new Life(catalog, declaring, ledger, limiter, new Settlements(catalog, ledger, clock));
    }

    /** Commits everything at once, while it is not down. */
    private static final class AtOnce extends ForwardingLedger {
        private final GroupLedger group;
        private boolean down;
        private Runnable beforeAppending = () -> {};

        AtOnce(GroupLedger group) {
            super(group);
            this.group = group;
        }

        @Override
        public CompletionStage<List<Appended>> append(List<Entry> entries) {
            beforeAppending.run();
            return flushed(super.append(entries));
        }

        @Override
        public CompletionStage<Void> recount(List<Recount> counters) {
            return down
                    ? CompletableFuture.failedStage(new StoreUnavailableException("down", null))
                    : flushed(super.recount(counters));
        }

        @Override
        public CompletionStage<Boolean> used(OrganizationKey organization) {
            return CompletableFuture.completedStage(false);
        }

        /** One at a time, as the ledger is for one thread. */
        private synchronized <T> CompletionStage<T> flushed(CompletionStage<T> asked) {
            group.flush();
            return asked;
        }
    }

    private static final class Store implements CatalogStore {
        private final Map<Name, Document> documents = new LinkedHashMap<>();
        private boolean loseNextAnswer;
        /** So many changes still find that somebody was faster. */
        private int overtaken;

        private Runnable whileSaving = () -> {};
        private CountDownLatch saved = new CountDownLatch(0);

        @Override
        public List<Document> load() {
            return new ArrayList<>(documents.values());
        }

        @Override
        public void write(CatalogChange change) {
            whileSaving.run();
            if (overtaken > 0) {
                overtaken--;
                throw new CatalogChangedException();
            }
            change.saved().forEach(document -> documents.put(document.name(), document));
            change.removed().forEach(documents::remove);
            saved.countDown();
            if (loseNextAnswer) {
                loseNextAnswer = false;
                throw new StoreUnavailableException("save", null);
            }
        }
    }
}
