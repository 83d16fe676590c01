package dev.quotary.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.OrganizationKey;
import dev.quotary.limit.Counted;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Exceeded;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Limit;
import dev.quotary.limit.LimitKey;
import dev.quotary.limit.Maximum;
import dev.quotary.limit.OnStoreFailure;
import dev.quotary.limit.Scope;
import dev.quotary.meter.MeterKey;
import dev.quotary.money.Money;
import dev.quotary.testkit.Seeds;
import dev.quotary.time.Window;
import dev.quotary.time.WindowSpec;
import dev.quotary.usage.LimitStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What is written by hand is what the JSON generator writes. */
class LimitTextsProperties {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Window DAY = new Window(START, Instant.parse("2026-01-02T00:00:00Z"));
    private static final List<String> WINDOWS = List.of("day", "month", "lifetime", "minute", "in-flight");
    private static final List<MeterKey> METERS = List.of(MeterKey.COST, MeterKey.TOKENS, new MeterKey("kb_file"));
    private static final long[] EDGES = {
        0,
        1,
        9,
        10,
        999,
        1_000_000_000_000L,
        1_500_000_000_000L,
        Long.MAX_VALUE / 1000,
        Long.MAX_VALUE - 1,
        Long.MAX_VALUE
    };

    @Test
    void limit_is_written_alike_by_both_ways() {
        Seeds.forEach(2_000, random -> {
            // Given
            var texts = new LimitTexts();
            var status = status(random);
            assertThat(LimitTexts.plain(status)).isTrue();
            // When
            var out = new AsciiText(1);
            texts.write(out, status);
            // Then
            byte[] expected = Answers.bytes(json -> texts.write(json, status));
            assertThat(out.toBuffer().toString(StandardCharsets.UTF_8))
                    .isEqualTo(new String(expected, StandardCharsets.UTF_8));
        });
    }

    @Test
    void money_is_written_as_it_shows_itself() {
        Seeds.forEach(2_000, random -> {
            // Given
            var amount = new Money(number(random));
            // When
            var out = new AsciiText(1).add(amount);
            // Then
            assertThat(out.toBuffer().toString()).isEqualTo(amount.toString());
        });
    }

    private static LimitStatus status(RandomGenerator random) {
        var window = WindowSpec.parse(WINDOWS.get(random.nextInt(WINDOWS.size())));
        var meter = METERS.get(random.nextInt(METERS.size()));
        var patterns = random.nextBoolean() ? Map.<String, String>of() : Map.of("model", "größe-*");
        var counted = new Counted(meter, new Filter(patterns), Scope.SUBJECT, window);
        long maximum = number(random);
        var limit = new Limit(
                new LimitKey("daily"),
                counted,
                new Maximum(maximum),
                List.of(50, 90),
                Exceeded.BLOCK,
                OnStoreFailure.ALLOW);
        var counter = new CounterKey(new OrganizationKey("acme"), counted, "größe \"1\"", DAY);
        return new LimitStatus(limit, counter, number(random), number(random), random.nextInt(4) == 0);
    }

    private static long number(RandomGenerator random) {
        return random.nextBoolean()
                ? EDGES[random.nextInt(EDGES.length)]
                : random.nextLong() >>> (1 + random.nextInt(62));
    }
}
