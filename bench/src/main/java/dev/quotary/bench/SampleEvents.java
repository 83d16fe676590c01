package dev.quotary.bench;

import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.ledger.Evidence;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.Outcome;
import dev.quotary.ledger.Result;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.TokenUsage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Events of one organization, evenly spread over some time and in its order; of its subjects some use a lot and most little: the chance of a
 * subject falls with the square root of its number.
 */
final class SampleEvents {
    private record Model(String provider, String name) {}

    private static final List<Model> MODELS = List.of(
            new Model("openai", "gpt-5"),
            new Model("openai", "gpt-5-mini"),
            new Model("openai", "gpt-4o"),
            new Model("anthropic", "claude-opus-5"),
            new Model("anthropic", "claude-sonnet-5"),
            new Model("gemini", "gemini-3-pro"));
    private static final List<String> FEATURES = List.of("chat", "search", "summary", "import");
    private static final int ERROR_OF = 50;

    private final OrganizationKey organization;
    private final int subjects;
    private final Instant from;
    private final long micros;

    SampleEvents(OrganizationKey organization, int subjects, Instant from, Instant until) {
        this.organization = organization;
        this.subjects = subjects;
        this.from = from;
        this.micros = from.until(until, ChronoUnit.MICROS);
    }

    static String subject(int number) {
        return "user-" + number;
    }

    /** The event of a number: always the same one. */
    UsageEvent event(int number, int of) {
        var random = new SplittableRandom(number);
        var time = from.plus(micros / of * number, ChronoUnit.MICROS);
        var model = MODELS.get(random.nextInt(MODELS.size()));
        // Ids in the order of time, as ours are.
        var id = new EventId(time.toEpochMilli() << 16, number);
        var tokens = TokenUsage.of(random.nextLong(50, 8_000), random.nextLong(10, 2_000));
        var quantities = Quantities.ofTokens(1, tokens.totalInput(), tokens.totalOutput());
        var cost = new Money(quantities.tokens() * 2_500_000L);
        double skew = random.nextDouble();
        var subject = new SubjectKey(subject((int) (subjects * skew * skew)));
        var dimensions = new Dimensions(
                model.provider(), model.name(), FEATURES.get(random.nextInt(FEATURES.size())), null, null, Map.of());
        var result = random.nextInt(ERROR_OF) == 0
                ? new Result(Outcome.ERROR, "timeout", 30_000, 0, false)
                : new Result(Outcome.SUCCESS, null, random.nextLong(200, 9_000), random.nextLong(20), false);
        return new UsageEvent(
                id,
                time,
                new Call(organization, subject, null, dimensions),
                new Metered(new Amounts(quantities, cost), tokens, Optional.empty(), Evidence.PROVIDER),
                result,
                "",
                number);
    }
}
