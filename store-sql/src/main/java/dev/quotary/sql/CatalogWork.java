package dev.quotary.sql;

import dev.quotary.catalog.AuditEntry;
import dev.quotary.catalog.CatalogChange;
import dev.quotary.catalog.CatalogStore.Name;
import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A change of the catalog with its lines of the audit log, in one transaction.
 *
 * <p>Where servers share the database, a removed document stays as a row without a body: each server reads what has changed since it last
 * looked, and would not hear of a row that is gone.
 */
final class CatalogWork implements Work {
    private static final Insert UPSERT = Insert.into("catalog_document")
            .texts("organization", "kind", "document_key", "body")
            .onConflict("(organization, kind, document_key) DO UPDATE SET body = excluded.body");
    private static final Insert AUDIT = Insert.into("audit_entry")
            .numbers("time")
            .texts("actor_kind", "actor_id", "actor_name", "organization", "kind", "object_key", "action")
            .texts("before_body", "after_body");
    private static final String DELETE =
            "DELETE FROM catalog_document WHERE organization = ? AND kind = ? AND document_key = ?";
    private static final String NEXT_VERSION = "UPDATE catalog_version SET version = version + 1 RETURNING version";
    private static final String CHANGED_IN = """
            UPDATE catalog_document d SET changed_in = ? FROM unnest(?, ?, ?) AS saved (organization, kind, document_key)
            WHERE d.organization = saved.organization AND d.kind = saved.kind AND d.document_key = saved.document_key""";
    private static final String EMPTIED_IN = """
            UPDATE catalog_document d SET changed_in = ?, body = NULL
            FROM unnest(?, ?, ?) AS gone (organization, kind, document_key)
            WHERE d.organization = gone.organization AND d.kind = gone.kind AND d.document_key = gone.document_key""";

    /** Two processes that write in the order of the names never wait for each other in a circle. */
    private static final Comparator<Name> ORDER =
            Comparator.comparing(Name::organization).thenComparing(Name::kind).thenComparing(Name::key);

    private final CatalogChange change;
    private final CompletableFuture<Boolean> answer = new CompletableFuture<>();
    private boolean overtaken;

    CatalogWork(CatalogChange change) {
        this.change = change;
    }

    /** False if somebody else was faster, and nothing was written. */
    CompletableFuture<Boolean> answer() {
        return answer;
    }

    @Override
    public int rows() {
        int rows =
                change.saved().size() + change.removed().size() + change.audit().size();
        return Math.min(rows, GroupWriter.ROWS_PER_TRANSACTION);
    }

    @Override
    public void write(Tables tables) throws SQLException {
        var session = tables.session();
        if (!change.onlyNotes()) {
            if (session.dialect() == Dialect.POSTGRES) {
                overtaken = !shared(session);
            } else {
                alone(session);
            }
        }
        if (!overtaken) {
            audit(session);
        }
    }

    /** The last document of each name. */
    private SortedMap<Name, String> latest() {
        var latest = new TreeMap<Name, String>(ORDER);
        change.saved().forEach(document -> latest.put(document.name(), document.body()));
        return latest;
    }

    private void alone(Session session) throws SQLException {
        upsert(session, latest());
        for (var name : change.removed()) {
            session.fill(DELETE).text(name.organization()).text(name.kind()).text(name.key());
            session.prepared(DELETE).executeUpdate();
        }
    }

    /** @return false if somebody has changed the catalog since the version that this is based on, and nothing was written */
    private boolean shared(Session session) throws SQLException {
        // Its row is locked until the end of the transaction: versions become visible in their order.
        long version = nextVersion(session);
        if (change.basedOn().isPresent() && version > change.basedOn().getAsLong() + 1) {
            return false;
        }
        var saved = latest();
        upsert(session, saved);
        mark(session, CHANGED_IN, version, saved.keySet());
        mark(
                session,
                EMPTIED_IN,
                version,
                change.removed().stream().sorted(ORDER).toList());
        return true;
    }

    private static void upsert(Session session, SortedMap<Name, String> documents) throws SQLException {
        var rows = session.rows(UPSERT);
        for (var document : documents.entrySet()) {
            var name = document.getKey();
            rows.text(name.organization()).text(name.kind()).text(name.key()).text(document.getValue());
            rows.end();
        }
        rows.write();
    }

    private static long nextVersion(Session session) throws SQLException {
        try (var row = session.prepared(NEXT_VERSION).executeQuery()) {
            if (!row.next()) {
                throw new IllegalStateException("the version of the catalog is gone");
            }
            return row.getLong(1);
        }
    }

    private static void mark(Session session, String sql, long version, Collection<Name> names) throws SQLException {
        if (names.isEmpty()) {
            return;
        }
        var statement = session.prepared(sql);
        statement.setLong(1, version);
        statement.setObject(2, texts(names, Name::organization));
        statement.setObject(3, texts(names, Name::kind));
        statement.setObject(4, texts(names, Name::key));
        statement.executeUpdate();
    }

    private static String[] texts(Collection<Name> names, Function<Name, String> part) {
        return names.stream().map(part).map(StorableText::of).toArray(String[]::new);
    }

    private void audit(Session session) throws SQLException {
        if (change.audit().isEmpty()) {
            return;
        }
        var rows = session.rows(AUDIT);
        for (AuditEntry entry : change.audit()) {
            var actor = entry.actor();
            var object = entry.object();
            rows.number(Micros.of(entry.at()))
                    .text(actor.kind().key())
                    .text(actor.id())
                    .text(actor.name())
                    .text(object.organization())
                    .text(object.kind())
                    .text(object.key())
                    .text(entry.action().key())
                    .text(entry.before())
                    .text(entry.after());
            rows.end();
        }
        rows.write();
    }

    @Override
    public void completed() {
        answer.complete(!overtaken);
    }

    @Override
    public void failed(StoreUnavailableException why) {
        answer.completeExceptionally(why);
    }
}
