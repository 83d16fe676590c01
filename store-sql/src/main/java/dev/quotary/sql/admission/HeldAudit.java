package dev.quotary.sql.admission;

import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.Difference;
import dev.quotary.ledger.SumPages.Place;
import dev.quotary.limit.Charge;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.usage.CounterPages;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Lays what counters in the database hold beside the reservations that hold it, some organizations at a time. Committed use needs no such
 * look: the limiter decides by the ledger's own sums.
 *
 * <p>Looking takes no lock: one snapshot of both tables is of one moment between decisions. Correcting compares anew under the lock that
 * decisions take, so that nothing moves meanwhile. Every page has a connection of its own, as pages are rare; safe for many threads.
 */
public final class HeldAudit implements CounterPages {
    /** An organization with more live reservations or counters that hold something is left out: comparing it would take too long. */
    static final int ROWS_MAX = 100_000;

    private static final int ORGANIZATIONS_AT_ONCE = 50;
    private static final int FETCHED_AT_ONCE = 1_000;
    private static final String NEXT =
            "SELECT organization FROM admission_gate WHERE organization > ? ORDER BY organization LIMIT 1";
    private static final String LIVE = "SELECT id, body FROM reservation WHERE organization = ? AND state = 1 LIMIT ?";
    private static final String HELD = """
            SELECT counted, scope_value, window_start, held FROM counter_held
            WHERE organization = ? AND held <> 0 LIMIT ?""";
    private static final String CORRECT = """
            INSERT INTO counter_held (organization, counter, window_start, window_end, held, counted, scope_value)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (organization, counter, window_start) DO UPDATE SET held = excluded.held""";
    private static final String FREE = """
            UPDATE counter_held SET held = 0
            WHERE organization = ? AND counted = ? AND scope_value = ? AND window_start = ?""";

    private final PostgresLimiter.ConnectionSource source;

    public HeldAudit(PostgresLimiter.ConnectionSource source) {
        this.source = source;
    }

    /** A counter as a row names it. */
    private record Spot(String counted, String scopeValue, long windowStart) {
        static Spot of(Charge charge) {
            var counter = charge.counter();
            return new Spot(
                    counter.text(),
                    counter.scopeValue(),
                    Micros.of(counter.window().start()));
        }

        Difference.OfCounter difference(OrganizationKey organization, long expected, long found) {
            var whose = new Difference.Whose(scopeValue, Micros.instant(windowStart));
            return new Difference.OfCounter(organization, counted + Difference.OfCounter.HELD, whose, expected, found);
        }
    }

    /**
     * What reservations hold, and what counters say.
     *
     * @param charges one that names each counter in full
     */
    private record Sides(Map<Spot, Long> expected, Map<Spot, Long> found, Map<Spot, Charge> charges, boolean whole) {
        List<Spot> different() {
            var spots = new ArrayList<Spot>();
            for (var spot : all()) {
                if (right(spot) != found.getOrDefault(spot, 0L)) {
                    spots.add(spot);
                }
            }
            return spots;
        }

        List<Spot> all() {
            var order = Comparator.comparing(Spot::counted)
                    .thenComparing(Spot::scopeValue)
                    .thenComparingLong(Spot::windowStart);
            var spots = new TreeSet<>(order);
            spots.addAll(expected.keySet());
            spots.addAll(found.keySet());
            return List.copyOf(spots);
        }

        long right(Spot spot) {
            return expected.getOrDefault(spot, 0L);
        }
    }

    @Override
    public CompletionStage<Page> page(Place from, Remedy remedy) {
        return CompletableFuture.supplyAsync(() -> compared(from, remedy), Thread::startVirtualThread);
    }

    private Page compared(Place from, Remedy remedy) {
        try (var connection = source.open()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(
                    remedy == Remedy.TELL
                            ? Connection.TRANSACTION_REPEATABLE_READ
                            : Connection.TRANSACTION_READ_COMMITTED);
            return compared(connection, from, remedy);
        } catch (SQLException e) {
            throw new StoreUnavailableException("comparing what is held: " + e.getMessage(), e);
        }
    }

    private static Page compared(Connection connection, Place from, Remedy remedy) throws SQLException {
        var differences = new ArrayList<Difference.OfCounter>();
        int compared = 0;
        var next = Optional.of(from);
        for (int i = 0; i < ORGANIZATIONS_AT_ONCE && next.isPresent(); i++) {
            var organization = next(connection, next.get().organization());
            if (organization.isPresent()) {
                compared += compare(connection, organization.get(), remedy, differences);
            }
            next = organization.map(done -> new Place(Instant.EPOCH, done.value(), "", Instant.EPOCH, ""));
            if (remedy == Remedy.CORRECT) {
                // Nobody waits for an organization whose turn is over.
                connection.commit();
            }
        }
        connection.commit();
        return new Page(compared, differences, List.of(), next);
    }

    private static Optional<OrganizationKey> next(Connection connection, String after) throws SQLException {
        try (var statement = connection.prepareStatement(NEXT)) {
            statement.setString(1, after);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(new OrganizationKey(rows.getString(1))) : Optional.empty();
            }
        }
    }

    /** Adds what differs; returns how many counters there were. */
    private static int compare(
            Connection connection, OrganizationKey organization, Remedy remedy, List<Difference.OfCounter> differences)
            throws SQLException {
        if (remedy == Remedy.CORRECT) {
            lock(connection, organization);
        }
        var sides = read(connection, organization);
        if (!sides.whole()) {
            return 0;
        }
        for (var spot : sides.different()) {
            differences.add(spot.difference(
                    organization, sides.right(spot), sides.found().getOrDefault(spot, 0L)));
            if (remedy == Remedy.CORRECT) {
                correct(connection, organization, spot, sides);
            }
        }
        return sides.all().size();
    }

    private static void lock(Connection connection, OrganizationKey organization) throws SQLException {
        try (var lock = connection.prepareStatement(Texts.LOCK)) {
            lock.setArray(1, connection.createArrayOf("text", new String[] {organization.value()}));
            lock.execute();
        }
    }

    private static Sides read(Connection connection, OrganizationKey organization) throws SQLException {
        var expected = new HashMap<Spot, Long>();
        var charges = new LinkedHashMap<Spot, Charge>();
        int reservations = 0;
        try (var statement = connection.prepareStatement(LIVE)) {
            statement.setFetchSize(FETCHED_AT_ONCE);
            statement.setString(1, organization.value());
            statement.setInt(2, ROWS_MAX + 1);
            try (var rows = statement.executeQuery()) {
                for (; rows.next(); reservations++) {
                    var hold = HoldBytes.read(HoldBytes.id(rows.getBytes(1)), rows.getBytes(2));
                    for (var charge : hold.charges()) {
                        var spot = Spot.of(charge);
                        expected.merge(spot, charge.amount(), Math::addExact);
                        charges.putIfAbsent(spot, charge);
                    }
                }
            }
        }
        expected.values().removeIf(amount -> amount == 0);
        var found = found(connection, organization);
        return new Sides(expected, found, charges, reservations <= ROWS_MAX && found.size() <= ROWS_MAX);
    }

    private static Map<Spot, Long> found(Connection connection, OrganizationKey organization) throws SQLException {
        var found = new HashMap<Spot, Long>();
        try (var statement = connection.prepareStatement(HELD)) {
            statement.setFetchSize(FETCHED_AT_ONCE);
            statement.setString(1, organization.value());
            statement.setInt(2, ROWS_MAX + 1);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put(new Spot(rows.getString(1), rows.getString(2), rows.getLong(3)), rows.getLong(4));
                }
            }
        }
        return found;
    }

    private static void correct(Connection connection, OrganizationKey organization, Spot spot, Sides sides)
            throws SQLException {
        var charge = sides.charges().get(spot);
        if (charge == null) {
            try (var free = connection.prepareStatement(FREE)) {
                free.setString(1, organization.value());
                free.setString(2, spot.counted());
                free.setString(3, spot.scopeValue());
                free.setLong(4, spot.windowStart());
                free.executeUpdate();
            }
            return;
        }
        var counter = charge.counter();
        try (var correct = connection.prepareStatement(CORRECT)) {
            correct.setString(1, organization.value());
            correct.setBytes(2, CounterDigest.of(counter));
            correct.setLong(3, spot.windowStart());
            correct.setLong(4, Micros.of(counter.window().end()));
            correct.setLong(5, sides.right(spot));
            correct.setString(6, spot.counted());
            correct.setString(7, spot.scopeValue());
            correct.executeUpdate();
        }
    }
}
