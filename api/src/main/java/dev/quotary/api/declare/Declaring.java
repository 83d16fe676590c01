package dev.quotary.api.declare;

import dev.quotary.api.declare.Applied.Effect;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Actor;
import dev.quotary.catalog.AuditEntry;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.CatalogChange;
import dev.quotary.catalog.CatalogChangedException;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

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
    private static final String BLOCKED = "blocked";
    /** Tries to make a change while other servers make theirs. */
    private static final int TRIES_MAX = 10;

    private final Catalog catalog;
    private final CatalogStore store;
    private final InstantSource clock;
    private final PriceBook builtIn;

    private final ReentrantLock lock = new ReentrantLock();
    private final Stock stock = new Stock();
    private final Telling told;
    private final Retired retired = new Retired();
    /** The operator's own; guarded by the lock. */
    private PriceLayer prices = PriceLayer.NONE;
    /** Guarded by the lock. */
    private final Counts counts;
    /** Things that the store may have in a newer form, as nobody knows what became of their saving; guarded by the lock. */
    private final Set<Item.Name> doubtful = new HashSet<>();
    /** The version of the catalog that the change which is being made was decided upon; guarded by the lock. */
    private OptionalLong basedOn = OptionalLong.empty();

    /** @param builtIn the prices under those that are declared */
    public Declaring(Catalog catalog, CatalogStore store, Ledger ledger, InstantSource clock, PriceBook builtIn) {
        this.catalog = catalog;
        this.store = store;
        this.counts = new Counts(catalog, ledger, clock);
        this.clock = clock;
        this.told = new Telling(stock, clock);
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
            retired.take(stored);
            var draft = Draft.of(items, catalog.declarations(), prices, false);
            swap(draft, draft.declarations(builtIn));
            items.forEach(stock::put);
            counts.load(stored);
            counts.finish(store);
            return items;
        });
    }

    /**
     * Puts in force what another process has stored. Does not wait while this process is making a change of its own.
     *
     * @param changed as stored; what is no declaration is passed over
     * @param removed names of what is stored no more
     * @return false if a change is being made, and nothing was done
     */
    public boolean take(List<Document> changed, List<CatalogStore.Name> removed) {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            retired.take(changed);
            var items = changed.stream().filter(Kind::has).map(Item::of).toList();
            var gone = removed.stream()
                    .filter(name -> Kind.has(name.kind()))
                    .map(Item.Name::of)
                    .toList();
            if (!items.isEmpty() || !gone.isEmpty()) {
                var draft = Draft.of(items, catalog.declarations(), prices, false);
                gone.forEach(draft::remove);
                swap(draft, draft.declarations(builtIn));
                items.forEach(stock::put);
                gone.forEach(stock::remove);
                // Who changed this counts anew what it begins to count, once all of us post by it.
                catalog.awaitPostings();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Applies a plans file: what it declares is made or replaced, what it does not mention stays, unless it is to be pruned.
     *
     * @throws InvalidInputException naming the place, if anything in it cannot be accepted; then nothing of it is
     * @throws InUseException if something that is to be pruned is needed; then nothing is done
     */
    public Applied apply(Value file, ApplyOrder order) {
        return changing(!order.dryRun(), () -> {
            var items = PlansFile.items(file).stream()
                    .map(item -> owned(stillBlocked(item), order.owner()))
                    .toList();
            var pruned = order.prune() ? prunable(items) : List.<Item>of();
            var draft = draft(items, pruned);
            var changes = new ArrayList<>(items.stream().map(told::change).toList());
            if (Telling.changesPlans(changes)) {
                draft.reread(storedOverrides(items, pruned));
            }
            pruned.forEach(item -> changes.add(Telling.removal(item)));
            var applied = new Applied(order.dryRun(), changes, draft.warnings());
            boolean nothing = applied.count(Effect.UNCHANGED) == changes.size() && counts.finished();
            if (!order.dryRun() && !nothing) {
                put(new Changes(Telling.changed(items, changes), pruned, told.entries(changes, order.by())), draft);
            }
            return applied;
        });
    }

    /** A catalog as it would be if a plans file were applied; nothing is changed. */
    public Catalog trial(Value file) {
        return changing(false, () -> {
            var items = PlansFile.items(file).stream().map(this::stillBlocked).toList();
            var draft = draft(items, List.of());
            draft.reread(storedOverrides(items, List.of()));
            return draft.over(catalog, builtIn);
        });
    }

    /** What will be in force once some things are changed and others deleted; nothing that is needed is among these. */
    private Draft draft(List<Item> items, List<Item> removed) {
        retired.check(items);
        var draft = Draft.of(items, catalog.declarations(), prices, true);
        var names = removed.stream().map(Item::name).toList();
        names.forEach(draft::remove);
        new Uses(catalog, draft).refuse(names);
        names.forEach(this::refuseUsed);
        return draft;
    }

    private void refuseUsed(Item.Name name) {
        if (name.kind() == Kind.ORGANIZATION && counts.used(new OrganizationKey(name.key()))) {
            throw new InUseException("Organization '" + name.key()
                    + "' has used something: what the ledger says of it would belong to nobody.");
        }
    }

    /** What a file made and this one does not mention. */
    private List<Item> prunable(List<Item> items) {
        // Looked for in the text first, as reading all of a large catalog takes long.
        return stock.all(document -> document.body().contains(Item.MANAGED_BY), items).stream()
                .filter(item -> item.owner().equals(Optional.of(Owner.APPLY)))
                .toList();
    }

    /**
     * Changes one thing, or deletes it.
     *
     * @param edit asked once, while nothing else changes; what it throws is thrown
     * @throws InvalidInputException naming the place, if the thing cannot be accepted
     * @throws InUseException if it is to be deleted and something needs it
     */
    public Edit.Edited edit(Item.Name name, Actor by, Edit edit) {
        return changing(() -> {
            if (name.kind() == Kind.SUBJECT && !declared(name.organization())) {
                throw new InvalidInputException(
                        "", 0, "expected a declared organization, was '" + name.organization() + "'");
            }
            var known = stock.find(name);
            return switch (edit.decide(known)) {
                case Edit.Decision.Keep _ -> new Edit.Edited(known, known, List.of());
                case Edit.Decision.Put put -> replaced(known, new Item(name, put.value(), put.owner()), by);
                case Edit.Decision.Remove _ -> removed(known.orElseThrow(), by);
            };
        });
    }

    private boolean declared(String organization) {
        return catalog.declarations().organizations().containsKey(new OrganizationKey(organization));
    }

    private Edit.Edited replaced(Optional<Item> known, Item item, Actor by) {
        var draft = draft(List.of(item), List.of());
        var change = told.change(item);
        boolean same = change.effect() == Effect.UNCHANGED
                && known.flatMap(Item::owner).equals(item.owner());
        if (!same) {
            if (Telling.changesPlans(List.of(change))) {
                draft.reread(storedOverrides(List.of(item), List.of()));
            }
            var entries = change.effect() == Effect.UNCHANGED
                    ? List.of(told.handover(known.orElseThrow(), item, by))
                    : told.entries(List.of(change), by);
            put(new Changes(List.of(item), List.of(), entries), draft);
        }
        return new Edit.Edited(known, Optional.of(item), draft.warnings());
    }

    private Edit.Edited removed(Item item, Actor by) {
        var draft = draft(List.of(), List.of(item));
        put(new Changes(List.of(), List.of(item), told.entries(List.of(Telling.removal(item)), by)), draft);
        return new Edit.Edited(Optional.of(item), Optional.empty(), draft.warnings());
    }

    /**
     * Blocks a subject, or unblocks it; changes nothing if it is so already.
     *
     * @return empty if there is no such subject
     */
    public Optional<Subject> block(OrganizationKey organization, SubjectKey key, boolean blocked, Actor by) {
        return changing(() -> {
            var account = catalog.account(organization, key, clock.instant());
            if (account.isEmpty()) {
                return Optional.<Subject>empty();
            }
            var name = new Item.Name(Kind.SUBJECT, organization.value(), key.value());
            var known = stock.find(name);
            if (blocked(known) == blocked) {
                // Of many who block the same subject, one changes the catalog, and the others need not go after it.
                return Optional.of(
                        catalog.subject(organization, key).orElseGet(() -> Subject.undeclared(organization, key)));
            }
            var body = known.map(Item::value)
                    .orElseGet(() -> Documents.json("{}").with("key", Documents.text(key.value())));
            var owner = known.isEmpty() ? Optional.of(Owner.API) : known.get().owner();
            var item = new Item(name, body.with(BLOCKED, Documents.json(Boolean.toString(blocked))), owner);
            var draft = Draft.of(List.of(item), catalog.declarations(), prices, false);
            put(new Changes(List.of(item), List.of(), List.of(told.blocked(known, item, blocked, by))), draft);
            return Optional.of(draft.subjects().getFirst());
        });
    }

    private static boolean blocked(Optional<Item> subject) {
        return subject.flatMap(item -> item.value().fields().find(BLOCKED))
                .filter(Value::bool)
                .isPresent();
    }

    /** Notes in the audit log what was done elsewhere. */
    public void note(AuditEntry entry) {
        store.write(CatalogChange.noting(entry));
    }

    /** A declared thing. */
    public Optional<Item> find(Item.Name name) {
        return stock.find(name);
    }

    /** Some of what is declared of one kind and organization, in the order of its keys. */
    public Page page(Page.Order order) {
        return stock.page(order);
    }

    private void put(Changes changes, Draft draft) {
        var declarations = draft.declarations(builtIn);
        var subjects = new ArrayList<>(draft.subjects());
        subjects.addAll(draft.removedSubjects());
        var gains = Gains.of(catalog, declarations, subjects, clock.instant(), retired);
        var recounts = counts.withUnfinished(gains);
        counts.recount(recounts);
        save(changes, recounts);
        swap(draft, declarations);
        changes.items().forEach(stock::put);
        changes.removedNames().forEach(stock::remove);
        counts.begun(recounts);
        counts.finish(store);
    }

    private void save(Changes changes, Set<Recount> recounts) {
        doubtful.addAll(changes.names());
        var more = new ArrayList<>(retired.documents(changes.removed()));
        if (!recounts.isEmpty()) {
            more.add(UnfinishedCounts.document(recounts));
        }
        try {
            store.write(changes.stored(more, basedOn));
            retired.take(more);
        } catch (CatalogChangedException e) {
            changes.names().forEach(doubtful::remove);
            throw e;
        }
        changes.names().forEach(doubtful::remove);
    }

    /**
     * A change whose saving failed may have been saved nevertheless. Then it comes into force now: built on without it, the next change
     * would leave it in the store, from where the next start would bring it back.
     */
    private void settleDoubts() {
        if (doubtful.isEmpty()) {
            return;
        }
        var stored = store.load();
        retired.take(stored);
        var there = new HashSet<Item.Name>();
        var saved = new ArrayList<Item>();
        stored.stream().filter(Kind::has).map(Item::of).forEach(item -> {
            there.add(item.name());
            boolean known = stock.document(item.name()).equals(Optional.of(item.document()));
            if (doubtful.contains(item.name()) && !known) {
                saved.add(item);
            }
        });
        var removed = doubtful.stream()
                .filter(name -> !there.contains(name))
                .flatMap(name -> stock.find(name).stream())
                .toList();
        if (!saved.isEmpty() || !removed.isEmpty()) {
            var draft = Draft.of(saved, catalog.declarations(), prices, false);
            removed.forEach(item -> draft.remove(item.name()));
            // Its lines of the audit log were saved with it.
            put(new Changes(saved, removed, List.of()), draft);
        }
        doubtful.clear();
    }

    /** Plans before subjects, but those that go after them: no subject ever refers to a plan that is not there. */
    private void swap(Draft draft, Declarations declarations) {
        prices = draft.prices();
        var meanwhile = draft.withRemovedPlans(builtIn);
        if (!draft.onlySubjects()) {
            catalog.declare(meanwhile.orElse(declarations));
        }
        catalog.put(draft.subjects());
        catalog.remove(draft.removedSubjects());
        if (meanwhile.isPresent()) {
            catalog.declare(declarations);
        }
    }

    /** A file that does not say whether a subject is blocked leaves it as it is. */
    private Item stillBlocked(Item item) {
        if (item.name().kind() != Kind.SUBJECT || item.value().fields().has(BLOCKED)) {
            return item;
        }
        return stock.find(item.name())
                .flatMap(known -> known.value().fields().find(BLOCKED))
                .map(blocked -> new Item(item.name(), item.value().with(BLOCKED, blocked), item.owner()))
                .orElse(item);
    }

    /** Who made a thing stays its owner, whoever changes it. */
    private Item owned(Item item, Owner maker) {
        return item.ownedBy(stock.find(item.name()).flatMap(Item::owner).or(() -> Optional.of(maker)));
    }

    /** Stored subjects and organizations with overrides that are neither declared anew nor deleted. */
    private List<Item> storedOverrides(List<Item> items, List<Item> removed) {
        var except = new ArrayList<>(items);
        except.addAll(removed);
        return stock.all(document -> document.body().contains("\"overrides\""), except).stream()
                .filter(item ->
                        item.name().kind() == Kind.SUBJECT || item.name().kind() == Kind.ORGANIZATION)
                .toList();
    }

    private interface Step<T> {
        T take();
    }

    /**
     * Makes a change upon what is stored now. Where servers share the store, another one may make its own between both: then this one is
     * decided anew.
     */
    private <T> T changing(Step<T> step) {
        return changing(true, step);
    }

    /** @param settling whether changes in doubt come into force first */
    private <T> T changing(boolean settling, Step<T> step) {
        for (int tries = 1; tries <= TRIES_MAX; tries++) {
            catalog.freshness().catchUp();
            try {
                return locked(() -> {
                    basedOn = catalog.freshness().basis();
                    if (settling) {
                        settleDoubts();
                    }
                    basedOn = catalog.freshness().basis();
                    return step.take();
                });
            } catch (CatalogChangedException _) {
                // The next try begins with catching up.
            }
        }
        throw new StoreUnavailableException("changing declarations: others are changing them all the time", null);
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
