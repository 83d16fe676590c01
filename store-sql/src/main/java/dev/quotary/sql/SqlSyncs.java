package dev.quotary.sql;

import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.sync.Batch;
import dev.quotary.sync.Failure;
import dev.quotary.sync.Sync;
import dev.quotary.sync.SyncState;
import dev.quotary.sync.SyncState.Kind;
import dev.quotary.sync.Syncs;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Accepted batches in SQL, on SQLite or PostgreSQL. */
public final class SqlSyncs implements Syncs {
    private static final Insert ACCEPT = Insert.into("usage_sync")
            .texts("organization", "id", "key_id")
            .numbers("records", "fingerprint", "accepted_at")
            .texts("content")
            .numbers("version", "state", "attempts", "at", "recorded", "duplicates")
            .onConflict("(organization, id) DO NOTHING");
    private static final String COLUMNS = """
            SELECT organization, id, key_id, records, fingerprint, accepted_at, version, state, attempts, at, recorded, duplicates,
            failure_code, failure_detail, failed_at FROM usage_sync""";
    private static final String FIND = COLUMNS + " WHERE organization = ? AND id = ?";
    private static final String LIST = COLUMNS + " WHERE organization = ? AND id > ? ORDER BY id LIMIT ?";
    private static final String LIST_OF_KIND =
            COLUMNS + " WHERE organization = ? AND id > ? AND state = ? ORDER BY id LIMIT ?";
    private static final String DUE = COLUMNS + " WHERE state = 0 AND at <= ? ORDER BY at LIMIT ?";
    private static final String CONTENT = "SELECT content FROM usage_sync WHERE organization = ? AND id = ?";
    private static final String OPEN = "SELECT count(*) FROM usage_sync WHERE organization = ? AND state < 2";
    private static final String COUNTS = "SELECT state, count(*) FROM usage_sync WHERE state < 2 GROUP BY state";
    private static final String MOVE = """
            UPDATE usage_sync SET version = ?, state = ?, attempts = ?, at = ?, recorded = ?, duplicates = ?, failure_code = ?,
            failure_detail = ?, failed_at = ? WHERE organization = ? AND id = ? AND version = ?""";
    private static final String EMPTY =
            "UPDATE usage_sync SET content = '' WHERE organization = ? AND id = ? AND state = 2";
    private static final String REMOVE = "DELETE FROM usage_sync WHERE organization = ? AND id = ? AND version = ?";
    private static final String FORGET = """
            DELETE FROM usage_sync WHERE (organization, id) IN
            (SELECT organization, id FROM usage_sync WHERE state = 2 AND at < ? ORDER BY at LIMIT ?)""";

    private final SqlAccess database;

    public SqlSyncs(SqlDatabase database) {
        this.database = SqlAccess.of(database);
    }

    @Override
    public Optional<Sync> accept(Sync accepted, String content) {
        return Deed.done(database.writer(), "keeping a batch", session -> {
            var known = find(session, accepted.organization(), accepted.id());
            if (known.isPresent()) {
                return known;
            }
            if (open(session, accepted.organization()) >= OPEN_MAX) {
                return Optional.empty();
            }
            insert(session, accepted, content);
            // Another server may have been faster.
            return find(session, accepted.organization(), accepted.id());
        });
    }

    private static void insert(Session session, Sync accepted, String content) throws SQLException {
        var batch = accepted.batch();
        var rows = session.rows(ACCEPT);
        rows.text(accepted.organization().value())
                .text(accepted.id())
                .text(batch.sender().value())
                .number(batch.records())
                .number(batch.fingerprint())
                .number(Micros.of(batch.acceptedAt()))
                .text(content)
                .number(accepted.version());
        state(rows, accepted.state());
        rows.end();
        rows.write();
    }

    private static long open(Session session, OrganizationKey organization) throws SQLException {
        session.fill(OPEN).text(organization.value());
        try (var rows = session.prepared(OPEN).executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    @Override
    public Optional<Sync> find(OrganizationKey organization, String id) {
        return database.readers().run(session -> find(session, organization, id));
    }

    private static Optional<Sync> find(Session session, OrganizationKey organization, String id) throws SQLException {
        session.fill(FIND).text(organization.value()).text(id);
        return read(session, FIND).stream().findFirst();
    }

    @Override
    public Optional<String> content(Sync sync) {
        return database.readers()
                .<Optional<String>>run(session -> {
                    session.fill(CONTENT).text(sync.organization().value()).text(sync.id());
                    try (var rows = session.prepared(CONTENT).executeQuery()) {
                        return rows.next() ? Optional.of(new Columns(rows).text()) : Optional.empty();
                    }
                })
                .filter(content -> !content.isEmpty());
    }

    @Override
    public List<Sync> list(OrganizationKey organization, Optional<Kind> kind, String after, int max) {
        return database.readers().run(session -> {
            var sql = kind.isPresent() ? LIST_OF_KIND : LIST;
            var parameters = session.fill(sql).text(organization.value()).text(after);
            if (kind.isPresent()) {
                parameters.number(code(kind.get()));
            }
            parameters.number(max);
            return read(session, sql);
        });
    }

    @Override
    public List<Sync> due(Instant now, int max) {
        return database.readers().run(session -> {
            session.fill(DUE).number(Micros.of(now)).number(max);
            return read(session, DUE);
        });
    }

    @Override
    public boolean move(Sync before, SyncState next) {
        return Deed.done(database.writer(), "moving a batch", session -> {
            var row = session.fill(MOVE);
            row.number(before.version() + 1);
            state(row, next);
            var why = failure(next);
            row.text(why == null ? null : why.code())
                    .text(why == null ? null : why.detail())
                    .numberOrNull(why == null ? null : Micros.of(why.at()))
                    .text(before.organization().value())
                    .text(before.id())
                    .number(before.version());
            boolean moved = session.prepared(MOVE).executeUpdate() == 1;
            if (moved && next.kind() == Kind.DONE) {
                session.fill(EMPTY).text(before.organization().value()).text(before.id());
                session.prepared(EMPTY).executeUpdate();
            }
            return moved;
        });
    }

    @Override
    public boolean remove(Sync before) {
        return Deed.done(database.writer(), "giving a batch up", session -> {
            session.fill(REMOVE)
                    .text(before.organization().value())
                    .text(before.id())
                    .number(before.version());
            return session.prepared(REMOVE).executeUpdate() == 1;
        });
    }

    @Override
    public int forget(Instant doneBefore, int max) {
        return Deed.done(database.writer(), "forgetting batches", session -> {
            session.fill(FORGET).number(Micros.of(doneBefore)).number(max);
            return session.prepared(FORGET).executeUpdate();
        });
    }

    @Override
    public Map<Kind, Long> counts() {
        return database.readers().run(session -> {
            var counts = new EnumMap<Kind, Long>(Kind.class);
            try (var rows = session.prepared(COUNTS).executeQuery()) {
                while (rows.next()) {
                    counts.put(kind(rows.getLong(1)), rows.getLong(2));
                }
            }
            return counts;
        });
    }

    private static void state(Row row, SyncState state) throws SQLException {
        row.number(code(state.kind()));
        switch (state) {
            case SyncState.Pending pending -> state(row, pending.attempts(), pending.dueAt(), 0, 0);
            case SyncState.Parked parked -> state(row, parked.attempts(), parked.at(), 0, 0);
            case SyncState.Done done -> state(row, done.attempts(), done.at(), done.recorded(), done.duplicates());
        }
    }

    private static void state(Row row, int attempts, Instant at, int recorded, int duplicates) throws SQLException {
        row.number(attempts).number(Micros.of(at)).number(recorded).number(duplicates);
    }

    private static @Nullable Failure failure(SyncState state) {
        return switch (state) {
            case SyncState.Pending pending -> pending.last();
            case SyncState.Parked parked -> parked.why();
            case SyncState.Done _ -> null;
        };
    }

    private static long code(Kind kind) {
        return switch (kind) {
            case PENDING -> 0;
            case PARKED -> 1;
            case DONE -> 2;
        };
    }

    private static Kind kind(long code) {
        return switch ((int) code) {
            case 0 -> Kind.PENDING;
            case 1 -> Kind.PARKED;
            case 2 -> Kind.DONE;
            default -> throw new IllegalStateException("a batch in the unknown state " + code);
        };
    }

    private static List<Sync> read(Session session, String sql) throws SQLException {
        var all = new ArrayList<Sync>();
        try (var rows = session.prepared(sql).executeQuery()) {
            while (rows.next()) {
                all.add(sync(new Columns(rows)));
            }
        }
        return List.copyOf(all);
    }

    private static Sync sync(Columns columns) throws SQLException {
        var organization = new OrganizationKey(columns.text());
        var id = columns.text();
        var batch = new Batch(
                new KeyId(columns.text()),
                Math.toIntExact(columns.number()),
                columns.number(),
                Micros.instant(columns.number()));
        long version = columns.number();
        return new Sync(organization, id, batch, state(columns), version);
    }

    private static SyncState state(Columns columns) throws SQLException {
        var kind = kind(columns.number());
        int attempts = Math.toIntExact(columns.number());
        var at = Micros.instant(columns.number());
        int recorded = Math.toIntExact(columns.number());
        int duplicates = Math.toIntExact(columns.number());
        var why = failure(columns);
        return switch (kind) {
            case PENDING -> new SyncState.Pending(attempts, at, why);
            case PARKED -> {
                if (why == null) {
                    throw new IllegalStateException("a parked batch without a reason");
                }
                yield new SyncState.Parked(attempts, at, why);
            }
            case DONE -> new SyncState.Done(attempts, at, recorded, duplicates);
        };
    }

    private static @Nullable Failure failure(Columns columns) throws SQLException {
        var code = columns.textOrNull();
        var detail = columns.textOrNull();
        var at = columns.numberOrNull();
        return code == null || detail == null || at == null ? null : new Failure(code, detail, Micros.instant(at));
    }
}
