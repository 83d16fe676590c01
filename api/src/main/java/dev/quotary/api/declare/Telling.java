package dev.quotary.api.declare;

import dev.quotary.api.declare.Applied.Change;
import dev.quotary.api.declare.Applied.Effect;
import dev.quotary.catalog.Actor;
import dev.quotary.catalog.AuditEntry;
import dev.quotary.catalog.CatalogStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Says what a change of declarations changes: to whoever makes it, and to the audit log. */
record Telling(Stock stock, InstantSource clock) {
    Change change(Item item) {
        var name = item.name();
        var before = stock.find(name).map(Item::content).orElse(null);
        return new Change(name.kind(), name.organization(), name.key(), before, item.content());
    }

    static Change removal(Item item) {
        var name = item.name();
        return new Change(name.kind(), name.organization(), name.key(), item.content(), null);
    }

    /** A thing that stays as it is, and gets another owner. */
    AuditEntry handover(Item before, Item after, Actor by) {
        return new AuditEntry(
                clock.instant(),
                by,
                concerning(change(after)),
                AuditEntry.Action.CHANGED,
                before.ownership(),
                after.ownership());
    }

    AuditEntry blocked(Optional<Item> before, Item after, boolean blocked, Actor by) {
        return new AuditEntry(
                clock.instant(),
                by,
                after.name().stored(),
                blocked ? AuditEntry.Action.BLOCKED : AuditEntry.Action.UNBLOCKED,
                before.map(Item::content).orElse(null),
                after.content());
    }

    /** An entry for everything that changes. */
    List<AuditEntry> entries(List<Change> changes, Actor by) {
        var now = clock.instant();
        return changes.stream()
                .filter(change -> change.effect() != Effect.UNCHANGED)
                .map(change -> new AuditEntry(
                        now,
                        by,
                        concerning(change),
                        AuditEntry.action(change.before(), change.after()),
                        change.before(),
                        change.after()))
                .toList();
    }

    /** An organization is its own, so that its admins see what becomes of it. */
    private static CatalogStore.Name concerning(Change change) {
        var whose = change.kind() == Kind.ORGANIZATION ? change.key() : change.organization();
        return new CatalogStore.Name(change.kind().key(), whose, change.key());
    }

    /** Those that change. */
    static List<Item> changed(List<Item> items, List<Change> changes) {
        return IntStream.range(0, items.size())
                .filter(i -> changes.get(i).effect() != Effect.UNCHANGED)
                .mapToObj(items::get)
                .toList();
    }

    static boolean changesPlans(List<Change> changes) {
        return changes.stream()
                .anyMatch(change -> change.effect() == Effect.CHANGED
                        && (change.kind() == Kind.PLAN || change.kind() == Kind.ORGANIZATION));
    }
}
