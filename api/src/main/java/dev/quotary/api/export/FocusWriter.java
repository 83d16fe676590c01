package dev.quotary.api.export;

import dev.quotary.catalog.Organization;
import dev.quotary.http.Times;
import dev.quotary.ledger.Corrections.Recorded;
import dev.quotary.money.Money;
import dev.quotary.price.Component;
import dev.quotary.price.Receipt;
import dev.quotary.time.WindowSpec;
import dev.quotary.time.WindowSpec.CalendarUnit;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The FinOps Open Cost and Usage Specification 1.2 as CSV: one line per hour, subject, model, feature and class of token or fee.
 *
 * <p>The lines of an event's receipts say what each class cost, exactly; what rounding them to whole picodollars added or took off goes to
 * the last of them, so that the costs of the file are those of the ledger. A cost that no receipt explains is one line for its requests.
 * The sums of the running hour are kept until the next one begins, or there are {@link #LINES_MAX} of them.
 */
public final class FocusWriter implements EventWriter {
    /** Beyond, an hour is written in several parts: lines of the same keys, the sums of which are right. */
    private static final int LINES_MAX = 20_000;

    private static final String CURRENCY = "USD";
    private static final List<@Nullable String> HEAD = List.of(
            "BilledCost",
            "BillingAccountId",
            "BillingAccountName",
            "BillingCurrency",
            "BillingPeriodStart",
            "BillingPeriodEnd",
            "ChargeCategory",
            "ChargeClass",
            "ChargeDescription",
            "ChargePeriodStart",
            "ChargePeriodEnd",
            "ContractedCost",
            "EffectiveCost",
            "InvoiceIssuerName",
            "ListCost",
            "PricingQuantity",
            "PricingUnit",
            "ProviderName",
            "PublisherName",
            "ServiceCategory",
            "ServiceName",
            "ConsumedQuantity",
            "ConsumedUnit",
            "SkuId",
            "SkuMeter",
            "SkuPriceId",
            "SubAccountId",
            "SubAccountName",
            "ResourceId",
            "x_Feature",
            "x_Events");
    /** Two amounts differ by rounding only: one unit for each receipt. */
    private static final BigDecimal PICO = new Money(1).dollars();

    private final Organization organization;
    private final String issuer;
    private final TreeMap<Key, Sum> sums = new TreeMap<>(Key.ORDER);
    private @Nullable Instant hour;

    /** What is told apart within an hour. Absent values are the empty text. */
    private record Key(String subject, String provider, String model, String feature, String component, String price) {
        static final Comparator<Key> ORDER = Comparator.comparing(Key::subject)
                .thenComparing(Key::provider)
                .thenComparing(Key::model)
                .thenComparing(Key::feature)
                .thenComparing(Key::component)
                .thenComparing(Key::price);
    }

    private record Sum(BigDecimal cost, BigDecimal list, long quantity, long events) {
        static final Sum NONE = new Sum(BigDecimal.ZERO, BigDecimal.ZERO, 0, 0);

        Sum plus(Charge charge) {
            return new Sum(
                    cost.add(charge.cost()),
                    list.add(charge.list()),
                    Math.addExact(quantity, charge.quantity()),
                    events + 1);
        }
    }

    /** Part of what one event cost. */
    private record Charge(
            String model, String component, String price, long quantity, BigDecimal cost, BigDecimal list) {}

    /** @param issuer who sends the invoice */
    public FocusWriter(Organization organization, String issuer) {
        this.organization = organization;
        this.issuer = issuer;
    }

    @Override
    public void head(StringBuilder out) {
        Csv.line(out, HEAD);
    }

    @Override
    public void event(StringBuilder out, Recorded recorded) {
        var its = recorded.event().time().truncatedTo(ChronoUnit.HOURS);
        if (!its.equals(hour) || sums.size() >= LINES_MAX) {
            end(out);
            hour = its;
        }
        var call = recorded.event().call();
        var dimensions = call.dimensions();
        for (var charge : charges(recorded)) {
            var key = new Key(
                    call.subject() == null ? "" : call.subject().value(),
                    Objects.requireNonNullElse(dimensions.provider(), ""),
                    charge.model(),
                    Objects.requireNonNullElse(dimensions.feature(), ""),
                    charge.component(),
                    charge.price());
            sums.merge(key, Sum.NONE.plus(charge), (before, _) -> before.plus(charge));
        }
    }

    private static List<Charge> charges(Recorded recorded) {
        var metered = recorded.metered();
        var model = metered.facts()
                .served()
                .orElse(Objects.requireNonNullElse(
                        recorded.event().call().dimensions().model(), ""));
        var charges = new ArrayList<Charge>();
        metered.receipt().ifPresent(receipt -> add(charges, model, receipt));
        for (var part : metered.parts()) {
            part.receipt().ifPresent(receipt -> add(charges, part.usage().model(), receipt));
        }
        var cost = metered.amounts().cost().dollars();
        var rest = charges.stream().map(Charge::cost).reduce(cost, BigDecimal::subtract);
        if (charges.isEmpty()
                || rest.abs()
                                .compareTo(PICO.multiply(
                                        BigDecimal.valueOf(1 + metered.parts().size())))
                        > 0) {
            return List.of(new Charge(
                    model,
                    Component.REQUESTS.key(),
                    "",
                    metered.amounts().quantities().requests(),
                    cost,
                    cost));
        }
        var last = charges.removeLast();
        charges.add(new Charge(
                last.model(),
                last.component(),
                last.price(),
                last.quantity(),
                last.cost().add(rest),
                last.list()));
        return charges;
    }

    /** What a line would have cost without discounts and mark-ups is its amount by their product. */
    private static void add(List<Charge> charges, String model, Receipt receipt) {
        boolean listed = receipt.adjustment().compareTo(BigDecimal.ONE) == 0
                || receipt.adjustment().signum() == 0;
        for (var line : receipt.lines()) {
            var list = listed
                    ? line.amount()
                    : line.amount().divide(receipt.adjustment(), Money.SCALE, RoundingMode.HALF_UP);
            charges.add(new Charge(
                    model, line.component().key(), receipt.priceRow(), line.quantity(), line.amount(), list));
        }
    }

    @Override
    public void end(StringBuilder out) {
        var from = hour;
        if (from == null) {
            return;
        }
        var period = new WindowSpec.Calendar(CalendarUnit.MONTH).at(from, organization.calendar());
        for (var each : sums.entrySet()) {
            write(
                    out,
                    each,
                    new Hour(
                            Times.text(from),
                            Times.text(from.plus(1, ChronoUnit.HOURS)),
                            Times.text(period.start()),
                            Times.text(period.end())));
        }
        sums.clear();
    }

    private record Hour(String from, String until, String periodFrom, String periodUntil) {}

    private void write(StringBuilder out, Map.Entry<Key, Sum> each, Hour at) {
        var key = each.getKey();
        var sum = each.getValue();
        var cost = plain(sum.cost());
        var quantity = Long.toString(sum.quantity());
        var unit = unit(key.component());
        var provider = key.provider().isEmpty() ? issuer : key.provider();
        var service = key.provider().isEmpty() ? "Metered API" : key.provider() + " API";
        var sku = key.model().isEmpty() ? service : key.provider() + "/" + key.model();
        Csv.line(
                out,
                List.of(
                        cost,
                        organization.key().value(),
                        organization.name(),
                        CURRENCY,
                        at.periodFrom(),
                        at.periodUntil(),
                        "Usage",
                        "",
                        sku + " " + key.component(),
                        at.from(),
                        at.until(),
                        cost,
                        cost,
                        issuer,
                        plain(sum.list()),
                        quantity,
                        unit,
                        provider,
                        provider,
                        "AI and Machine Learning",
                        service,
                        quantity,
                        unit,
                        sku,
                        key.component(),
                        key.price(),
                        key.subject(),
                        key.subject(),
                        key.model(),
                        key.feature(),
                        Long.toString(sum.events())));
    }

    private static String plain(BigDecimal amount) {
        return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
    }

    private static String unit(String component) {
        var known = Component.ofKey(component).orElseThrow();
        return known.token()
                ? "Tokens"
                : switch (known) {
                    case AUDIO_SECONDS -> "Seconds";
                    case IMAGES -> "Images";
                    case CHARACTERS -> "Characters";
                    case WEB_SEARCHES, FILE_SEARCHES -> "Searches";
                    case SEARCH_QUERIES -> "Queries";
                    default -> "Requests";
                };
    }
}
