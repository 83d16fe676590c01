package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.analytics.simulate.Replayed;
import dev.quotary.analytics.simulate.Simulation;
import dev.quotary.api.declare.Declaring;
import dev.quotary.api.query.Moments;
import dev.quotary.call.OrganizationKey;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Times;
import dev.quotary.http.Value;
import dev.quotary.ledger.Corrections;
import dev.quotary.limit.Limiter;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Replays recorded use against another plans file. */
final class SimulateEndpoint {
    private static final int SUBJECTS = 100;
    private static final int SUBJECTS_MAX = 1_000;

    private final Optional<Corrections> ledger;
    private final Optional<Supplier<Limiter>> limiters;
    private final Declaring declaring;
    /** One at a time: each keeps a core busy. */
    private final Semaphore running = new Semaphore(1);

    /** @param limiters give a new limiter in memory each time; empty where nothing is simulated */
    SimulateEndpoint(Optional<Corrections> ledger, Optional<Supplier<Limiter>> limiters, Declaring declaring) {
        this.ledger = ledger;
        this.limiters = limiters;
        this.declaring = declaring;
    }

    Reply simulate(Exchange exchange) {
        if (exchange.principal().key().organization() != null) {
            throw new ProblemException(
                    ErrorCode.FORBIDDEN,
                    "A plans file is of the whole server: simulate it with a key that has no organization.");
        }
        var fields = exchange.json().fields();
        var organization = fields.need("organization");
        var key = organization.as(OrganizationKey::new);
        var from = fields.need("from").as(Moments::of);
        var until = fields.need("to").as(Moments::of);
        if (!from.isBefore(until)) {
            throw fields.need("to").wrong("expected an instant after 'from'");
        }
        int subjects = fields.find("subjects")
                .map(value -> (int) value.integer(0, SUBJECTS_MAX))
                .orElse(SUBJECTS);
        var plans = fields.need("plans");
        fields.done();
        var order = new Simulation.Order(key, from, until, subjects);
        return answer(order, run(order, plans, organization));
    }

    private Simulation.Outcome run(Simulation.Order order, Value plans, Value organization) {
        var source = ledger.orElseThrow(SimulateEndpoint::none);
        var limiter = limiters.orElseThrow(SimulateEndpoint::none);
        if (!running.tryAcquire()) {
            throw new ProblemException(ErrorCode.TOO_MANY_STREAMS, "Another simulation is running; try again later.");
        }
        try {
            var trial = declaring.trial(plans);
            if (!trial.declarations().organizations().containsKey(order.organization())) {
                throw organization.wrong("expected an organization that is declared");
            }
            return new Simulation(source).run(order, trial, limiter.get());
        } finally {
            running.release();
        }
    }

    private static ProblemException none() {
        return new ProblemException(ErrorCode.NOT_FOUND, "This server simulates nothing.");
    }

    private static Reply answer(Simulation.Order order, Simulation.Outcome outcome) {
        return switch (outcome) {
            case Simulation.Outcome.TooManyEvents _ ->
                throw new InvalidInputException(
                        "/from",
                        0,
                        "expected a stretch of at most " + Simulation.EVENTS_MAX
                                + " events, those of the windows that were running at its beginning included");
            case Simulation.Outcome.Done done -> Reply.json(Reply.OK, json -> write(json, order, done));
        };
    }

    private static void write(JsonGenerator json, Simulation.Order order, Simulation.Outcome.Done done)
            throws IOException {
        var replayed = done.replayed();
        json.writeStartObject();
        json.writeStringField("organization", order.organization().value());
        json.writeStringField("from", Times.text(order.from()));
        json.writeStringField("to", Times.text(order.until()));
        json.writeStringField("counted_from", Times.text(done.countedFrom()));
        json.writeNumberField("events_before", done.eventsBefore());
        json.writeObjectFieldStart("total");
        sum(json, replayed.total());
        json.writeEndObject();
        json.writeNumberField("subjects_affected", replayed.subjectsAffected());
        json.writeArrayFieldStart("subjects");
        for (var subject : replayed.subjects()) {
            json.writeStartObject();
            EventJson.text(
                    json,
                    "subject",
                    subject.subject() == null ? null : subject.subject().value());
            sum(json, subject.sum());
            limits(json, subject.limits());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void sum(JsonGenerator json, Replayed.Sum sum) throws IOException {
        json.writeNumberField("calls", sum.calls());
        json.writeNumberField("refused", sum.refused());
        json.writeNumberField("would_wait", sum.wouldWait());
        json.writeNumberField("throttled", sum.throttled());
        json.writeNumberField("warned", sum.warned());
        json.writeNumberField("rejected", sum.rejected());
        json.writeStringField("cost_real", plain(sum.costReal()));
        json.writeStringField("cost", plain(sum.cost()));
        json.writeStringField("cost_admitted", plain(sum.costAdmitted()));
    }

    private static String plain(BigDecimal amount) {
        return AmountJson.plain(amount);
    }

    private static void limits(JsonGenerator json, List<Replayed.ByLimit> limits) throws IOException {
        json.writeArrayFieldStart("limits");
        for (var limit : limits) {
            json.writeStartObject();
            json.writeStringField("limit", limit.limit());
            json.writeNumberField("refused", limit.refused());
            json.writeNumberField("warned", limit.warned());
            EventJson.text(json, "first_refused_at", text(limit.firstRefused()));
            EventJson.text(json, "first_warned_at", text(limit.firstWarned()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static @Nullable String text(Optional<Instant> at) {
        return at.map(Times::text).orElse(null);
    }
}
