package dev.quotary.sql;

import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.CounterSum;
import dev.quotary.ledger.SumPages;
import dev.quotary.ledger.SumPages.Place;
import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a page of sums in line with the appends. The sums are read behind what is written before them in the same transaction, and told
 * when the follower has been told all of that. Where the database lets it, a page that
 * cannot be read harms nobody else in its transaction.
 */
final class PageWork implements Work {
    private static final String SELECT = """
            SELECT organization, counted, scope_value, window_start, used, window_end FROM window_sum
            WHERE window_end > ? AND (window_end, organization, counted, window_start, scope_value) > (?, ?, ?, ?, ?)
            ORDER BY window_end, organization, counted, window_start, scope_value LIMIT ?""";

    private final Place from;
    private final Instant now;
    private final Consumer<List<CounterSum>> page;
    private final List<CounterSum> sums = new ArrayList<>(SumPages.PAGE_MAX);
    private final CompletableFuture<Optional<Place>> answer = new CompletableFuture<>();
    private Optional<Place> next = Optional.empty();
    private @Nullable Throwable failure;

    PageWork(Place from, Instant now, Consumer<List<CounterSum>> page) {
        this.from = from;
        this.now = now;
        this.page = page;
    }

    CompletableFuture<Optional<Place>> answer() {
        return answer;
    }

    @Override
    public int rows() {
        return 1;
    }

    @Override
    public void write(Tables tables) throws SQLException {
        sums.clear();
        failure = null;
        next = Optional.empty();
        tables.sums().flush();
        try {
            read(tables.session());
        } catch (SQLException e) {
            if (tables.session().dialect() == Dialect.POSTGRES) {
                // It takes nothing more in a transaction that has failed.
                throw e;
            }
            failure = new StoreUnavailableException("reading stored sums: " + SqlErrors.reason(e), e);
        }
    }

    private void read(Session session) throws SQLException {
        session.fill(SELECT)
                .number(Micros.of(now))
                .number(Micros.of(from.windowEnd()))
                .text(from.organization())
                .text(from.counted())
                .number(Micros.of(from.windowStart()))
                .text(from.scopeValue())
                .number(SumPages.PAGE_MAX);
        try (var rows = session.prepared(SELECT).executeQuery()) {
            while (rows.next()) {
                add(new Columns(rows));
            }
        }
        if (sums.size() < SumPages.PAGE_MAX) {
            next = Optional.empty();
        }
    }

    private void add(Columns columns) throws SQLException {
        var sum = new CounterSum(
                new OrganizationKey(columns.text()),
                columns.text(),
                columns.text(),
                Micros.instant(columns.number()),
                columns.number());
        sums.add(sum);
        next = Optional.of(new Place(
                Micros.instant(columns.number()),
                sum.organization().value(),
                sum.counted(),
                sum.windowStart(),
                sum.scopeValue()));
    }

    @Override
    public void durable() {
        if (failure != null) {
            return;
        }
        try {
            page.accept(sums);
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    @Override
    public void completed() {
        var why = failure;
        if (why == null) {
            answer.complete(next);
        } else {
            answer.completeExceptionally(why);
        }
    }

    @Override
    public void failed(StoreUnavailableException why) {
        answer.completeExceptionally(why);
    }
}
