package dev.quotary.api.declare;

import dev.quotary.api.declare.Applied.Change;
import dev.quotary.api.declare.Applied.Effect;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.catalog.CatalogStore.Document;
import dev.quotary.catalog.Declarations;
import dev.quotary.catalog.Subject;
import dev.quotary.http.Documents;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.Value;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.Recount;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.price.PriceBook;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Puts declarations in force. Every change goes through here, one at a time, under one lock; readers never wait.
 *
 * <p>The steps of a change: read it whole; count anew what it begins to count; store it; let decisions see it; count anew once more.
 * The first count lets the first decision under a new limit see what was used already. The second takes in what was recorded between
 * the first and the moment when decisions saw the change, which was posted by the old limits; it begins once no posting by the old
 * limits is on its way to the ledger any more. Both are sums over the ledger that take
 * their place in its order, so counting twice harms nothing. A change that failed between these steps is repeated as a whole; a second
 * count that failed, or that the process did not live to see, is remembered beside the change and made up for by the next change or the
 * next start.
 *
 * <p>Blocks its caller: call it on a virtual thread.
 */
public final class Declaring {
    private static final long RECOUNT_SECONDS_MAX = 600;
    private static final String BLOCKED = "blocked";

    private final Catalog catalog;
    private final CatalogStore store;
    private final Ledger ledger;
    private final InstantSource clock;
    private final PriceBook builtIn;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Item.Name, Document> documents = new ConcurrentHashMap<>();
    /** The operator's own; guarded by the lock. */
    private PriceLayer prices = PriceLayer.NONE;
    /** Counts that the last change did not get done; guarded by the lock. */
    private final Set<Recount> unfinished = new LinkedHashSet<>();
    /** Things that the store may have in a newer form, as nobody knows what became of their saving; guarded by the lock. */
    private final Set<Item.Name> doubtful = new HashSet<>();

    /** @param builtIn the prices under those that are declared */
    public Declaring(Catalog catalog, CatalogStore store, Ledger ledger, InstantSource clock, PriceBook builtIn) {
        this.catalog = catalog;
        this.store = store;
        this.ledger = ledger;
        this.clock = clock;
        this.builtIn = builtIn;
    }

    /** A catalog of what is stored, for looking at it. */
    public static Catalog read(CatalogStore store, PriceBook builtIn) {
        var catalog = new Catalog(new Declarations(Map.of(), Map.of(), Map.of(), builtIn));
        var items = store.load().stream().filter(Kind::has).map(Item::of).toList();
        var draft = Draft.of(items, catalog.declarations(), PriceLayer.NONE, false);
        catalog.declare(draft.declarations(builtIn));
        catalog.put(draft.subjects());
        return catalog;
    }

    /**
     * Puts in force what is stored, and counts what the last change did not get counted; once, at the start, before sums are read and
     * anything is decided.
     */
    public void load() {
        locked(() -> {
            var stored = store.load();
            var items = stored.stream().filter(Kind::has).map(Item::of).toList();
            var draft = Draft.of(items, catalog.declarations(), prices, false);
            swap(draft, draft.declarations(builtIn));
            items.forEach(this::remember);
            unfinished.addAll(UnfinishedCounts.of(stored, catalog.declarations(), clock.instant()));
            finishCounts();
            return items;
        });
    }

    /**
     * Puts in force what another process has stored. Does not wait while this process is making a change of its own.
     *
     * @param changed as stored; what is no declaration is passed over
     * @return false if a change is being made, and nothing was done
     */
    public boolean take(List<Document> changed) {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            var items = changed.stream().filter(Kind::has).map(Item::of).toList();
            if (!items.isEmpty()) {
                var draft = Draft.of(items, catalog.declarations(), prices, false);
                swap(draft, draft.declarations(builtIn));
                items.forEach(this::remember);
                // Who changed this counts anew what it begins to count, once all of us post by it.
                catalog.awaitPostings();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Applies a plans file: what it declares is made or replaced, what it does not mention stays.
     *
     * @param dryRun true to answer what would be done, and do nothing
     * @throws InvalidInputException naming the place, if anything in it cannot be accepted; then nothing of it is
     */
    public Applied apply(Value file, boolean dryRun) {
        catalog.freshness().catchUp();
        return locked(() -> {
            if (!dryRun) {
                settleDoubts();
            }
            var items = PlansFile.items(file).stream().map(this::stillBlocked).toList();
            var draft = Draft.of(items, catalog.declarations(), prices, true);
            var changes = items.stream().map(this::change).toList();
            if (changesPlans(changes)) {
                draft.reread(storedOverrides(items));
            }
            var applied = new Applied(dryRun, changes, draft.warnings());
            boolean nothing = applied.count(Effect.UNCHANGED) == changes.size() && unfinished.isEmpty();
            if (!dryRun && !nothing) {
                put(changed(items, changes), draft);
            }
            return applied;
        });
    }

    /**
     * Blocks a subject, or unblocks it.
     *
     * @return empty if there is no such subject
     */
    public Optional<Subject> block(OrganizationKey organization, SubjectKey key, boolean blocked) {
        catalog.freshness().catchUp();
        return locked(() -> {
            settleDoubts();
            var account = catalog.account(organization, key, clock.instant());
            if (account.isEmpty()) {
                return Optional.<Subject>empty();
            }
            var name = new Item.Name(Kind.SUBJECT, organization.value(), key.value());
            var known = documents.get(name);
            var body = known == null
                    ? Documents.json("{}").with("key", Documents.text(key.value()))
                    : Documents.json(known.body());
            var item = new Item(name, body.with(BLOCKED, Documents.json(Boolean.toString(blocked))));
            var draft = Draft.of(List.of(item), catalog.declarations(), prices, false);
            put(List.of(item), draft);
            return Optional.of(draft.subjects().getFirst());
        });
    }

    /** What is declared of one kind, as JSON, in the order of its keys. */
    public List<Document> documents(Kind kind) {
        return documents.entrySet().stream()
                .filter(entry -> entry.getKey().kind() == kind)
                .map(Map.Entry::getValue)
                .sorted(Comparator.comparing(Document::organization).thenComparing(Document::key))
                .toList();
    }

    private void put(List<Item> items, Draft draft) {
        var declarations = draft.declarations(builtIn);
        var recounts = Gains.of(catalog, declarations, draft.subjects(), clock.instant());
        recounts.addAll(unfinished);
        recount(recounts);
        save(items, recounts);
        swap(draft, declarations);
        items.forEach(this::remember);
        unfinished.addAll(recounts);
        finishCounts();
    }

    private void save(List<Item> items, Set<Recount> recounts) {
        items.forEach(item -> doubtful.add(item.name()));
        var changed = items.stream().map(Item::document);
        var counts = recounts.isEmpty() ? Stream.<Document>of() : Stream.of(UnfinishedCounts.document(recounts));
        store.save(Stream.concat(changed, counts).toList());
        items.forEach(item -> doubtful.remove(item.name()));
    }

    private void finishCounts() {
        if (unfinished.isEmpty()) {
            return;
        }
        catalog.awaitPostings();
        recount(UnfinishedCounts.current(unfinished, catalog.declarations(), clock.instant()));
        store.save(List.of(UnfinishedCounts.document(List.of())));
        unfinished.clear();
    }

    /**
     * A change whose saving failed may have been saved nevertheless. Then it comes into force now: built on without it, the next change
     * would leave it in the store, from where the next start would bring it back.
     */
    private void settleDoubts() {
        if (doubtful.isEmpty()) {
            return;
        }
        var saved = store.load().stream()
                .filter(Kind::has)
                .map(Item::of)
                .filter(item ->
                        doubtful.contains(item.name()) && !item.document().equals(documents.get(item.name())))
                .toList();
        if (!saved.isEmpty()) {
            put(saved, Draft.of(saved, catalog.declarations(), prices, false));
        }
        doubtful.clear();
    }

    /** Plans before subjects: no subject ever refers to a plan that is not there. */
    private void swap(Draft draft, Declarations declarations) {
        prices = draft.prices();
        catalog.declare(declarations);
        catalog.put(draft.subjects());
    }

    private void remember(Item item) {
        documents.put(item.name(), item.document());
    }

    private void recount(Collection<Recount> recounts) {
        if (recounts.isEmpty()) {
            return;
        }
        try {
            ledger.recount(List.copyOf(recounts)).toCompletableFuture().get(RECOUNT_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new StoreUnavailableException("counting anew what new limits count", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("counting anew what new limits count", e);
        }
    }

    /** A file that does not say whether a subject is blocked leaves it as it is. */
    private Item stillBlocked(Item item) {
        var known = documents.get(item.name());
        if (item.name().kind() != Kind.SUBJECT
                || known == null
                || item.value().fields().has(BLOCKED)) {
            return item;
        }
        return Documents.json(known.body())
                .fields()
                .find(BLOCKED)
                .map(blocked -> new Item(item.name(), item.value().with(BLOCKED, blocked)))
                .orElse(item);
    }

    private Change change(Item item) {
        var name = item.name();
        var known = documents.get(name);
        var before = known == null ? null : Item.of(known).content();
        return new Change(name.kind(), name.organization(), name.key(), before, item.content());
    }

    private static List<Item> changed(List<Item> items, List<Change> changes) {
        return IntStream.range(0, items.size())
                .filter(i -> changes.get(i).effect() != Effect.UNCHANGED)
                .mapToObj(items::get)
                .toList();
    }

    private static boolean changesPlans(List<Change> changes) {
        return changes.stream()
                .anyMatch(change -> change.effect() == Effect.CHANGED
                        && (change.kind() == Kind.PLAN || change.kind() == Kind.ORGANIZATION));
    }

    /** Stored subjects and organizations with overrides that the file does not declare itself. */
    private List<Item> storedOverrides(List<Item> items) {
        var declared = new HashSet<Item.Name>();
        items.forEach(item -> declared.add(item.name()));
        var stored = new ArrayList<Item>();
        documents.forEach((name, document) -> {
            if ((name.kind() == Kind.SUBJECT || name.kind() == Kind.ORGANIZATION)
                    && !declared.contains(name)
                    && document.body().contains("\"overrides\"")) {
                stored.add(Item.of(document));
            }
        });
        return stored;
    }

    private interface Step<T> {
        T take();
    }

    private <T> T locked(Step<T> step) {
        lock.lock();
        try {
            return step.take();
        } finally {
            lock.unlock();
        }
    }
}
