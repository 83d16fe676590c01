package dev.quotary.testkit;

import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.EventId;
import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.ledger.CostBasis;
import dev.quotary.ledger.CostFacts;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Evidence;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.MeteredPart;
import dev.quotary.ledger.Origin;
import dev.quotary.ledger.Outcome;
import dev.quotary.ledger.Result;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.Counted;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Posting;
import dev.quotary.limit.Scope;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.Component;
import dev.quotary.price.Modifier;
import dev.quotary.price.PartUsage;
import dev.quotary.price.Receipt;
import dev.quotary.price.ServiceTier;
import dev.quotary.price.TokenUsage;
import dev.quotary.time.Window;
import dev.quotary.time.WindowCalendar;
import dev.quotary.time.WindowSpec;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Seeded usage events that say everything an event can say, and what they post to counters of every kind.
 *
 * <p>Few organizations, subjects and models, so that events meet on the same counters; times within January 2026, in whole microseconds,
 * which every ledger keeps.
 */
public final class LedgerSamples {
    /** A meter that adds up. */
    public static final MeterKey FILES = new MeterKey("kb_file");
    /** A meter that is a level. */
    public static final MeterKey SEATS = new MeterKey("seats");

    public static final OrganizationKey ACME = new OrganizationKey("acme");
    /** Its key has everything that a clumsy store could trip over. */
    public static final OrganizationKey ODD = new OrganizationKey("o'dd = 100% | Größe 組織 🙂");

    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final long MICROS_PER_MONTH = 31L * 24 * 3600 * 1_000_000;

    /** Every scope, window, kind of filter and kind of meter. */
    public static final List<Counted> COUNTED = List.of(
            counted(MeterKey.REQUESTS, Map.of(), Scope.ORGANIZATION, "day"),
            counted(MeterKey.TOKENS, Map.of("model", "gpt-*"), Scope.SUBJECT, "hour"),
            counted(MeterKey.TOKENS_INPUT, Map.of("model", "größe-*", "provider", "o*"), Scope.WORKFLOW, "minute"),
            counted(MeterKey.TOKENS_OUTPUT, Map.of("team", "red %=| team"), Scope.KEY, "week"),
            counted(MeterKey.COST, Map.of("provider", "openai"), Scope.ORGANIZATION, "month"),
            counted(MeterKey.COST, Map.of("feature", "*"), Scope.SESSION, "lifetime"),
            counted(FILES, Map.of(), Scope.SUBJECT, "billing-period"),
            counted(FILES, Map.of("team", "re*", "model", "gpt-5"), Scope.ORGANIZATION, "lifetime"),
            counted(SEATS, Map.of(), Scope.ORGANIZATION, "lifetime"),
            counted(SEATS, Map.of("team", "blue"), Scope.SUBJECT, "day"));

    private final RandomGenerator random;

    public LedgerSamples(RandomGenerator random) {
        this.random = random;
    }

    private static Counted counted(MeterKey meter, Map<String, String> filter, Scope scope, String window) {
        return new Counted(meter, new Filter(filter), scope, WindowSpec.parse(window));
    }

    /** An event with its postings to the counters of {@link #COUNTED}. */
    public Entry entry() {
        return entry(event());
    }

    /** What an event posts to the counters of {@link #COUNTED}; amounts of {@link #SEATS} are levels. */
    public static Entry entry(UsageEvent event) {
        var postings = new ArrayList<Posting>();
        for (var counted : COUNTED) {
            var scopeValue = counted.scope().valueOf(event.call());
            if (scopeValue != null && counted.filter().matches(event.call().dimensions())) {
                var counter = new CounterKey(
                        event.call().organization(),
                        counted,
                        scopeValue,
                        counted.window().at(event.time(), WindowCalendar.UTC));
                posting(counter, event.metered().amounts()).ifPresent(postings::add);
            }
        }
        return new Entry(event, postings);
    }

    private static Optional<Posting> posting(CounterKey counter, Amounts amounts) {
        var meter = counter.counted().meter();
        long amount = amounts.of(meter);
        if (meter.equals(SEATS)) {
            return amounts.quantities().others().containsKey(SEATS)
                    ? Optional.of(Posting.set(counter, amount))
                    : Optional.empty();
        }
        return amount == 0 ? Optional.empty() : Optional.of(Posting.add(counter, amount));
    }

    public UsageEvent event() {
        return event(random.nextInt(4) == 0 ? ODD : ACME);
    }

    public UsageEvent event(OrganizationKey organization) {
        return new UsageEvent(
                id(),
                time(),
                call(organization),
                metered(),
                result(),
                Optional.empty(),
                metadata(),
                random.nextLong(),
                Optional.ofNullable(maybe(this::origin)));
    }

    private Origin origin() {
        return new Origin(
                pick("writer/backend", "größe ' %"),
                "event " + random.nextInt(1_000),
                pick("prompt", "dev.acme.sync"),
                time());
    }

    public EventId id() {
        return new EventId(random.nextLong(), random.nextLong());
    }

    private Instant time() {
        long micros = random.nextLong(MICROS_PER_MONTH);
        return START.plusSeconds(micros / 1_000_000).plusNanos(micros % 1_000_000 * 1_000);
    }

    private Call call(OrganizationKey organization) {
        var subject = maybe(() -> new SubjectKey(pick("user-1", "user-2", "o'brien; --", "用户")));
        var key = maybe(() -> new KeyId(pick("key_1", "key_2")));
        var dimensions = new Dimensions(
                maybe(() -> pick("openai", "anthropic", "ollama")),
                maybe(() -> pick("gpt-5", "gpt-5-mini", "claude-opus", "größe-7b")),
                maybe(() -> pick("chat", "search")),
                maybe(() -> pick("session-1", "session-2", "%")),
                maybe(() -> pick("workflow-1", "workflow 2")),
                others());
        return new Call(organization, subject, key, dimensions);
    }

    private Map<String, String> others() {
        var others = new HashMap<String, String>();
        if (random.nextBoolean()) {
            others.put("team", pick("red %=| team", "red", "blue"));
        }
        if (random.nextInt(4) == 0) {
            others.put("region = %3D", "eu west\n%25 ");
        }
        if (random.nextInt(3) == 0) {
            others.put(FILES.value(), pick("file 1", "file=2", "größe"));
        }
        return others;
    }

    private Metered metered() {
        var tokens = random.nextInt(5) == 0 ? TokenUsage.NONE : tokens();
        var receipt = random.nextInt(4) == 0 ? Optional.<Receipt>empty() : Optional.of(receipt(tokens));
        var cost = receipt.map(Receipt::total).orElseGet(() -> new Money(random.nextLong(1L << 40)));
        long more = random.nextInt(10) == 0 ? random.nextLong(1_000) : 0;
        var quantities = new Quantities(
                random.nextInt(3),
                tokens.totalInput(),
                tokens.totalOutput(),
                tokens.totalInput() + tokens.totalOutput() + more,
                declared());
        return new Metered(new Amounts(quantities, cost), tokens, receipt, pick(Evidence.values()), parts(), facts());
    }

    private CostFacts facts() {
        return new CostFacts(
                pick(CostBasis.values()),
                random.nextInt(5) == 0 ? Optional.of(new Money(random.nextLong(1L << 40))) : Optional.empty(),
                Optional.ofNullable(maybe(() -> pick("gpt-5-2026-01-01", "a = b"))),
                pick(ServiceTier.values()),
                modifiers().keySet());
    }

    private TokenUsage tokens() {
        long output = random.nextLong(5_000);
        var tokens = TokenUsage.builder()
                .set(Component.INPUT, random.nextLong(100_000))
                .set(Component.OUTPUT, output)
                .reasoning(random.nextLong(output + 1));
        for (var component : Component.values()) {
            if (component != Component.INPUT && component != Component.OUTPUT) {
                tokens.set(component, maybeNumber(component.token() ? 9_000 : 4));
            }
        }
        return tokens.build();
    }

    /** What other models used within a call; of most calls nothing. */
    private List<MeteredPart> parts() {
        var parts = new ArrayList<MeteredPart>();
        for (int left = random.nextInt(8) - 5; left > 0; left--) {
            var usage = new PartUsage(pick("claude-opus-5", "it's = a % model"), tokens());
            parts.add(new MeteredPart(
                    usage, random.nextBoolean() ? Optional.of(receipt(usage.tokens())) : Optional.empty()));
        }
        return parts;
    }

    private Map<Modifier, BigDecimal> modifiers() {
        return random.nextInt(4) == 0
                ? Map.of(pick(Modifier.values()), new BigDecimal(pick("1.1", "6", "0.5")))
                : Map.of();
    }

    private long maybeNumber(long bound) {
        return random.nextInt(3) == 0 ? random.nextLong(bound) : 0;
    }

    private Map<MeterKey, Long> declared() {
        var amounts = new HashMap<MeterKey, Long>();
        if (random.nextInt(3) == 0) {
            amounts.put(FILES, random.nextLong(10));
        }
        if (random.nextInt(5) == 0) {
            amounts.put(SEATS, random.nextLong(200));
        }
        if (random.nextInt(50) == 0) {
            amounts.put(new MeterKey("storage.bytes"), Quantities.AMOUNT_MAX);
        }
        return amounts;
    }

    /** A receipt over buckets, with prices so odd that rounding shows. */
    private Receipt receipt(TokenUsage tokens) {
        var lines = new ArrayList<Receipt.Line>();
        var sum = BigDecimal.ZERO;
        for (var component : Component.values()) {
            long quantity = tokens.of(component);
            if (quantity > 0) {
                var unitPrice = new BigDecimal(pick("0.0000025", "0.000000000000333", "0.00001", "1"));
                var amount = unitPrice.multiply(BigDecimal.valueOf(quantity));
                lines.add(new Receipt.Line(component, quantity, unitPrice, amount));
                sum = sum.add(amount);
            }
        }
        return new Receipt(
                pick("openai/gpt-5@2026-01-01", "own/it's a row", "row-3"),
                pick(ServiceTier.values()),
                pick(ServiceTier.values()),
                random.nextBoolean(),
                modifiers(),
                new BigDecimal(pick("1", "1", "1.25", "0.9")),
                lines,
                Money.rounded(sum));
    }

    private Result result() {
        var outcome = pick(Outcome.values());
        var errorType = outcome == Outcome.SUCCESS ? null : maybe(() -> pick("rate_limit_error", "timeout", ""));
        return new Result(outcome, errorType, random.nextLong(100_000), random.nextLong(3_000), random.nextInt(8) == 0);
    }

    private String metadata() {
        return random.nextBoolean() ? "" : pick("{}", "{\"note\":\"'quoted' \\u0000 🙂\"}", "{\"a\":[1,2]}");
    }

    @SafeVarargs
    private <T> T pick(T... values) {
        return values[random.nextInt(values.length)];
    }

    private <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextInt(5) == 0 ? null : value.get();
    }

    /** A plain event for tests that care about little. */
    public static UsageEvent plain(long number, String subject, long tokens) {
        var call = new Call(ACME, new SubjectKey(subject), null, Dimensions.NONE);
        var quantities = Quantities.ofTokens(1, tokens, 0);
        var metered =
                new Metered(new Amounts(quantities, Money.ZERO), TokenUsage.NONE, Optional.empty(), Evidence.REPORTED);
        return new UsageEvent(new EventId(number, number), START, call, metered, Result.SUCCESS, "", number);
    }

    /** The same event under the same id, as its reporter would not send it again. */
    public static UsageEvent changed(UsageEvent event) {
        return new UsageEvent(
                event.id(),
                event.time(),
                event.call(),
                event.metered(),
                event.result(),
                event.metadata(),
                event.fingerprint() + 1);
    }

    /** The same event at another time. */
    public static UsageEvent at(Instant time, UsageEvent event) {
        return new UsageEvent(
                event.id(), time, event.call(), event.metered(), event.result(), event.metadata(), event.fingerprint());
    }

    /** The counter of all tokens of {@link #ACME} in a window. */
    public static CounterKey tokens(Window window) {
        return new CounterKey(
                ACME,
                new Counted(MeterKey.TOKENS, Filter.ALL, Scope.ORGANIZATION, WindowSpec.parse("day")),
                ACME.value(),
                window);
    }
}
