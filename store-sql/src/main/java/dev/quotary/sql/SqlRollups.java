package dev.quotary.sql;

import dev.quotary.call.OrganizationKey;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;

/**
 * Keeps the sums by day and by month, which are made of the hourly ones afterwards: who records waits for none of it. Safe for many
 * threads and many servers; whatever is interrupted is gone on with.
 */
public final class SqlRollups {
    /** Hours are summed up that have been over for so long: what comes later for them is added with the event, at a higher price. */
    public static final Duration DELAY = Duration.ofMinutes(5);

    private final SqlAccess database;

    public SqlRollups(SqlDatabase database) {
        this.database = SqlAccess.of(database);
    }

    /**
     * Sums up all hours that ended before an instant. Blocks until it is done.
     *
     * @param goesOn asked before each step, of some hundredths of a second
     * @throws dev.quotary.limit.StoreUnavailableException if the store does not answer; what was done until then stands
     */
    public void sumUp(Instant before, BooleanSupplier goesOn) {
        long until = Math.floorDiv(Micros.of(before), HourlyRollup.MICROS_PER_HOUR) * HourlyRollup.MICROS_PER_HOUR;
        for (var organization : database.readers().run(SumUpWork::organizations)) {
            boolean more = true;
            while (more && goesOn.getAsBoolean()) {
                more = step(organization, until);
            }
        }
    }

    private boolean step(OrganizationKey organization, long until) {
        var work = new SumUpWork(organization, until);
        database.writer().submit(work);
        try {
            return work.answer().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException why ? why : e;
        }
    }
}
