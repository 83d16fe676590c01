package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.analytics.Range;
import dev.quotary.analytics.forecast.Forecast;
import dev.quotary.analytics.forecast.Forecaster;
import dev.quotary.analytics.forecast.Outset;
import dev.quotary.analytics.forecast.Outsets;
import dev.quotary.analytics.forecast.Period;
import dev.quotary.api.live.OwnLimits;
import dev.quotary.call.Call;
import dev.quotary.catalog.Role;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.LimitTexts;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Times;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Scope;
import dev.quotary.meter.MeterKey;
import dev.quotary.time.WindowSpec;
import dev.quotary.time.WindowSpec.CalendarUnit;
import dev.quotary.usage.Admissions;
import dev.quotary.usage.Decision;
import dev.quotary.usage.LimitStatus;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a period will come to, for a limit or for a meter. */
final class ForecastEndpoint {
    private static final int CONFIDENCE = 80;
    private static final long PICOS_PER_MICRO = 1_000_000;

    private final Admissions admissions;
    private final CallReader calls;
    private final DailySeries series;
    private final InstantSource clock;

    ForecastEndpoint(Admissions admissions, CallReader calls, DailySeries series, InstantSource clock) {
        this.admissions = admissions;
        this.calls = calls;
        this.series = series;
        this.clock = clock;
    }

    /**
     * What is forecast.
     *
     * @param status of the limit; null where only a meter is meant
     */
    private record Matter(
            DailySeries.Of series, Period period, @Nullable LimitStatus status) {}

    CompletionStage<Reply> forecast(Exchange exchange) {
        var call = calls.queried(exchange);
        var decision = admissions
                .status(call)
                .orElseThrow(() -> new ProblemException(
                        ErrorCode.SUBJECT_UNKNOWN, "There is no subject '" + call.subject() + "'."));
        int confidence = confidence(exchange);
        var now = clock.instant();
        var matter = matter(exchange, call, decision, now);
        return Outsets.of(matter.period(), series.of(matter.series()), now)
                .thenApply(outset -> Reply.json(
                        Reply.OK,
                        json -> write(json, matter, outset.orElseThrow(ForecastEndpoint::tooMany), confidence)));
    }

    private static ProblemException tooMany() {
        return new ProblemException(
                ErrorCode.INVALID_REQUEST,
                "A limit of a key, a session or a workflow is told by single events, of which there are too many here.");
    }

    private static int confidence(Exchange exchange) {
        var named = exchange.query("confidence");
        for (int offered : Forecaster.CONFIDENCES) {
            if (named.isEmpty() || named.get().equals(Integer.toString(offered))) {
                return named.isEmpty() ? CONFIDENCE : offered;
            }
        }
        throw new InvalidInputException(
                "", 0, "expected query parameter 'confidence' to be one of " + Forecaster.CONFIDENCES);
    }

    private Matter matter(Exchange exchange, Call call, Decision decision, Instant now) {
        var limit = exchange.query("limit");
        var meter = exchange.query("meter");
        if (limit.isPresent() == meter.isPresent()) {
            throw new InvalidInputException("", 0, "expected one of the query parameters 'limit' and 'meter'");
        }
        return limit.isPresent()
                ? ofLimit(exchange, call, decision, limit.get())
                : ofMeter(exchange, call, decision, now, meter.orElseThrow());
    }

    private Matter ofLimit(Exchange exchange, Call call, Decision decision, String key) {
        var status = decision.limits().stream()
                .filter(each -> each.limit().key().value().equals(key))
                .filter(each -> exchange.principal().role() != Role.PORTAL || OwnLimits.has(each))
                .findFirst()
                .orElseThrow(() -> new ProblemException(ErrorCode.NOT_FOUND, "There is no limit '" + key + "' here."));
        var counted = status.limit().counted();
        var window = status.counter().window();
        if (!window.resets() || counted.window() instanceof WindowSpec.Sliding || tooShort(counted.window())) {
            throw new InvalidInputException(
                    "",
                    0,
                    "expected a limit per day, week, month or billing period: others have no end to be forecast");
        }
        var maximum = status.limit().maximum();
        var period = new Period(
                new Range(window.start(), window.end()),
                decision.account().organization().calendar().zone(),
                OptionalLong.of(status.used()),
                maximum.unlimited() ? OptionalLong.empty() : OptionalLong.of(maximum.units()));
        var scope = counted.scope();
        var series = new DailySeries.Of(
                call.organization(),
                status.limit().meter(),
                scope,
                status.counter().scopeValue(),
                counted.filter());
        return new Matter(series, period, status);
    }

    private static boolean tooShort(WindowSpec window) {
        return window instanceof WindowSpec.Calendar calendar && calendar.unit().shorterThanDay();
    }

    private static Matter ofMeter(Exchange exchange, Call call, Decision decision, Instant now, String name) {
        var meter = meter(name);
        var calendar = decision.account().organization().calendar();
        var window = switch (exchange.query("period").orElse("month")) {
            case "day" -> new WindowSpec.Calendar(CalendarUnit.DAY).at(now, calendar);
            case "week" -> new WindowSpec.Calendar(CalendarUnit.WEEK).at(now, calendar);
            case "month" -> new WindowSpec.Calendar(CalendarUnit.MONTH).at(now, calendar);
            default -> throw InvalidInputException.inQuery("period", "expected day, week or month");
        };
        var period = new Period(
                new Range(window.start(), window.end()), calendar.zone(), OptionalLong.empty(), OptionalLong.empty());
        var subject = call.subject();
        var series = subject == null
                ? new DailySeries.Of(
                        call.organization(),
                        meter,
                        Scope.ORGANIZATION,
                        call.organization().value(),
                        Filter.ALL)
                : new DailySeries.Of(call.organization(), meter, Scope.SUBJECT, subject.value(), Filter.ALL);
        return new Matter(series, period, null);
    }

    private static MeterKey meter(String name) {
        try {
            return new MeterKey(name);
        } catch (IllegalArgumentException e) {
            throw InvalidInputException.inQuery("meter", String.valueOf(e.getMessage()));
        }
    }

    private static void write(JsonGenerator json, Matter matter, Outset outset, int confidence) throws IOException {
        var forecast = Forecaster.forecast(outset, confidence);
        var meter = matter.series().meter();
        var status = matter.status();
        json.writeStartObject();
        EventJson.text(
                json, "limit", status == null ? null : status.limit().key().value());
        json.writeStringField("meter", meter.value());
        json.writeStringField(
                "scope", matter.series().scope().key() + ":" + matter.series().scopeValue());
        json.writeObjectFieldStart("period");
        json.writeStringField("from", Times.text(matter.period().range().from()));
        json.writeStringField("to", Times.text(matter.period().range().until()));
        json.writeEndObject();
        json.writeFieldName("used");
        LimitTexts.amount(json, meter, outset.used());
        json.writeFieldName("max");
        if (outset.maximum().isPresent()) {
            LimitTexts.amount(json, meter, outset.maximum().getAsLong());
        } else {
            json.writeNull();
        }
        json.writeStringField("method", forecast.method().key());
        json.writeNumberField("days_of_history", forecast.days());
        json.writeNumberField("confidence", forecast.confidence());
        json.writeObjectFieldStart("scenarios");
        var limit = forecast.limit();
        scenario(json, "low", new Scenario(meter, forecast.low(), limit, limit.flatMap(Forecast.AtLimit::latest)));
        scenario(json, "likely", new Scenario(meter, forecast.likely(), limit, limit.flatMap(Forecast.AtLimit::hit)));
        scenario(json, "high", new Scenario(meter, forecast.high(), limit, limit.flatMap(Forecast.AtLimit::earliest)));
        json.writeEndObject();
        if (limit.isPresent()) {
            json.writeNumberField("hit_percent", limit.get().percent());
        } else {
            json.writeNullField("hit_percent");
        }
        json.writeEndObject();
    }

    private record Scenario(MeterKey meter, long total, Optional<Forecast.AtLimit> limit, Optional<Instant> hitAt) {}

    private static void scenario(JsonGenerator json, String name, Scenario scenario) throws IOException {
        long total = shown(scenario.meter(), scenario.total());
        json.writeObjectFieldStart(name);
        json.writeFieldName("total");
        LimitTexts.amount(json, scenario.meter(), total);
        json.writeFieldName("overage");
        LimitTexts.amount(
                json,
                scenario.meter(),
                scenario.limit().map(limit -> limit.overage(total)).orElse(0L));
        EventJson.text(json, "hit_at", scenario.hitAt().map(Times::text).orElse(null));
        json.writeEndObject();
    }

    /** The one place where a forecast cost is rounded: to millionths of a dollar, halves up. More digits would pretend to be known. */
    private static long shown(MeterKey meter, long units) {
        if (!meter.equals(MeterKey.COST) || units > Long.MAX_VALUE - PICOS_PER_MICRO) {
            return units;
        }
        return BigDecimal.valueOf(units)
                .divide(BigDecimal.valueOf(PICOS_PER_MICRO), 0, RoundingMode.HALF_UP)
                .multiply(BigDecimal.valueOf(PICOS_PER_MICRO))
                .longValueExact();
    }
}
