package dev.quotary.server.command;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What the demo's users used in ninety days: more from month to month, less at weekends, by day rather than by night; a batch job that ran wild
 * one day, and a provider that failed for some hours another day. One record stands for some calls that an application reports together.
 */
final class DemoRecords {
    private static final int DAYS = 90;
    private static final int SPIKE_DAYS_AGO = 11;
    private static final int OUTAGE_DAYS_AGO = 19;
    private static final int PERCENT_AT_BEGIN = 62;
    private static final List<String> FEATURES =
            List.of("chat", "chat", "chat", "summary", "summary", "translate", "code");
    /** How busy each hour of a working day is. */
    private static final int[] HOURS = {1, 1, 1, 1, 1, 2, 3, 6, 11, 14, 15, 13, 10, 13, 15, 14, 12, 9, 6, 4, 3, 2, 2, 1
    };

    private final Instant now;
    private final LocalDate today;
    private final Random random = new Random(20_261);
    private final List<String> records = new ArrayList<>();

    DemoRecords(Instant now) {
        this.now = now;
        this.today = now.atOffset(ZoneOffset.UTC).toLocalDate();
    }

    /** As JSON, the oldest first. */
    List<String> all() {
        for (int ago = DAYS - 1; ago >= 0; ago--) {
            day(ago);
        }
        return List.copyOf(records);
    }

    private void day(int ago) {
        var date = today.minusDays(ago);
        boolean weekend = date.getDayOfWeek() == DayOfWeek.SATURDAY || date.getDayOfWeek() == DayOfWeek.SUNDAY;
        int trend = PERCENT_AT_BEGIN + (100 - PERCENT_AT_BEGIN) * (DAYS - ago) / DAYS;
        // Everybody has good and bad days together, as they work on the same things.
        int mood = 82 + random.nextInt(37);
        for (var user : DemoUser.ALL) {
            boolean job = user.key().equals(DemoUser.BATCH);
            int share = weekend && !job ? 24 : 100;
            int wild = job && ago == SPIKE_DAYS_AGO ? 7 : 1;
            int own = 70 + random.nextInt(61);
            long hundredths = (long) user.weight() * trend * share * mood / 100 * own / 10_000 * wild;
            int count = (int) (hundredths / 100) + (random.nextInt(100) < hundredths % 100 ? 1 : 0);
            for (int i = 0; i < count; i++) {
                call(user, date, ago, i);
            }
        }
    }

    private void call(DemoUser user, LocalDate date, int ago, int index) {
        boolean job = user.key().equals(DemoUser.BATCH);
        int hour = job ? 1 + random.nextInt(4) : busyHour();
        var time = date.atStartOfDay(ZoneOffset.UTC)
                .plusHours(hour)
                .plus(Duration.ofMillis(random.nextInt(3_600_000)))
                .toInstant();
        // Today's first calls of the one whom the reader acts as are the reader's own.
        boolean readers = ago == 0 && user.key().equals(DemoUser.READER);
        if (!time.isBefore(now) || readers) {
            return;
        }
        var models = user.models();
        int taste = random.nextInt(10);
        var model = models.get(taste < 6 ? 0 : taste < 9 ? 1 : 2);
        boolean outage = ago == OUTAGE_DAYS_AGO
                && hour >= 13
                && hour < 16
                && model.provider().equals("anthropic");
        boolean failed = random.nextInt(1000) < (outage ? 600 : 12);
        int calls = 4 + random.nextInt(14);
        int input = calls * (model.tokens() / 2 + random.nextInt(model.tokens()));
        int output = failed ? 0 : input * (14 + random.nextInt(22)) / 100;
        var result = failed
                ? "\"outcome\":\"error\",\"error_type\":\"%s\"".formatted(outage ? "overloaded" : "timeout")
                : "\"outcome\":\"success\"";
        records.add("""
                {"id":"demo-%s-%s-%d","time":"%s","subject":"%s","provider":"%s","model":"%s","feature":"%s","session":"%s-%d",\
                "quantities":{"requests":%d,"tokens.input":%d,"tokens.output":%d},"latency_ms":%d,%s}""".formatted(
                        date,
                        user.key(),
                        index,
                        time,
                        user.key(),
                        model.provider(),
                        model.name(),
                        job ? "reports" : FEATURES.get(random.nextInt(FEATURES.size())),
                        date,
                        random.nextInt(4),
                        calls,
                        failed ? 0 : input,
                        output,
                        model.millis() / 2 + random.nextInt(model.millis()),
                        result));
    }

    private int busyHour() {
        int sum = 0;
        for (int weight : HOURS) {
            sum += weight;
        }
        int at = random.nextInt(sum);
        int hour = 0;
        while (at >= HOURS[hour]) {
            at -= HOURS[hour];
            hour++;
        }
        return hour;
    }
}
