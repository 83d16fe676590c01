package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.api.live.OwnLimits;
import dev.quotary.call.Call;
import dev.quotary.call.EventId;
import dev.quotary.catalog.Role;
import dev.quotary.http.Answers;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.LimitTexts;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Times;
import dev.quotary.http.UsageHeaders;
import dev.quotary.ledger.Correction;
import dev.quotary.ledger.Corrections;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.Scope;
import dev.quotary.meter.MeterKey;
import dev.quotary.usage.Admissions;
import dev.quotary.usage.Decision;
import dev.quotary.usage.Engine;
import dev.quotary.usage.LimitState;
import dev.quotary.usage.LimitStatus;
import dev.quotary.usage.Settlements;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** How the limits of a subject stand, and single events. */
final class StatusEndpoints {
    private final Admissions admissions;
    private final Settlements settlements;
    private final CallReader calls;
    private final DecisionJson decisions;
    private final Optional<Corrections> corrections;

    /** @param corrections empty where the ledger makes none */
    StatusEndpoints(Engine engine, CallReader calls, DecisionJson decisions, Optional<Corrections> corrections) {
        this.admissions = engine.admissions();
        this.settlements = engine.settlements();
        this.calls = calls;
        this.decisions = decisions;
        this.corrections = corrections;
    }

    Reply status(Exchange exchange) {
        var call = calls.queried(exchange);
        boolean compatible = exchange.compatible();
        var decision = exchange.principal().role() == Role.PORTAL ? ownAlone(decision(call)) : decision(call);
        return response -> {
            UsageHeaders.put(response.headers(), decision);
            Reply.json(Reply.OK, json -> write(json, call, decision, compatible))
                    .send(response);
        };
    }

    /** How things stand for a subject, without what others use; written into the answer to something else. */
    Answers.Writer own(Call call) {
        var decision = ownAlone(decision(call));
        return json -> write(json, call, decision, false);
    }

    private Decision decision(Call call) {
        return admissions
                .status(call)
                .orElseThrow(() -> new ProblemException(
                        ErrorCode.SUBJECT_UNKNOWN, "There is no subject '" + call.subject() + "'."));
    }

    /** What is about the subject alone: what others use, as limits of the organization or of a key tell it, is not for an end user's browser. */
    private static Decision ownAlone(Decision whole) {
        var own = whole.limits().stream().filter(OwnLimits::has).toList();
        return new Decision(
                whole.account(), whole.verdict(), own, whole.asked(), whole.hold(), whole.at(), whole.queueing());
    }

    private void write(JsonGenerator json, Call call, Decision decision, boolean compatible) throws IOException {
        var account = decision.account();
        var plan = account.plan();
        json.writeStartObject();
        json.writeStringField("organization", call.organization().value());
        EventJson.text(
                json, "subject", call.subject() == null ? null : call.subject().value());
        EventJson.text(json, "plan", plan == null ? null : plan.key().value());
        EventJson.text(json, "upgrade_url", plan == null ? null : plan.upgradeUrl());
        json.writeBooleanField("blocked", account.blocked());
        json.writeStringField("state", worst(decision.limits()).key());
        json.writeStringField("at", Times.text(decision.at()));
        decisions.limits(json, "limits", decision.limits());
        DecisionJson.warnings(json, decision.limits());
        totals(json, decision.limits());
        if (compatible) {
            DecisionJson.compatible(json, decision.limits());
        }
        json.writeEndObject();
    }

    /** A limit that only reports never makes things worse. */
    static LimitState worst(List<LimitStatus> limits) {
        return limits.stream()
                .map(LimitStatus::state)
                .filter(state -> state != LimitState.SHADOW)
                .max(Comparator.naturalOrder())
                .orElse(LimitState.OK);
    }

    /** What the subject has used in all, by meter and window: the counts of the limits that filter nothing out. */
    private static void totals(JsonGenerator json, List<LimitStatus> limits) throws IOException {
        var totals = new TreeMap<MeterKey, TreeMap<String, Long>>();
        for (var status : limits) {
            var counted = status.limit().counted();
            boolean all = counted.scope() == Scope.SUBJECT
                    && counted.filter().patterns().isEmpty();
            if (all && !counted.inFlight()) {
                totals.computeIfAbsent(counted.meter(), _ -> new TreeMap<>())
                        .put(counted.window().key(), status.used());
            }
        }
        json.writeObjectFieldStart("totals");
        for (var meter : totals.entrySet()) {
            json.writeObjectFieldStart(meter.getKey().value());
            for (var window : meter.getValue().entrySet()) {
                json.writeFieldName(window.getKey());
                LimitTexts.amount(json, meter.getKey(), window.getValue());
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    CompletionStage<Reply> event(Exchange exchange) {
        var organization = calls.organization(exchange);
        return settlements.find(organization, eventId(exchange.parameter(0))).thenCompose(found -> {
            var event = found.filter(recorded -> CallReader.mayHave(exchange, recorded.call()))
                    .orElseThrow(() -> new ProblemException(ErrorCode.NOT_FOUND, "There is no such event."));
            return corrections(event)
                    .thenApply(made -> Reply.json(
                            Reply.OK,
                            json -> EventJson.write(
                                    json,
                                    event,
                                    made,
                                    exchange.principal().key().subject() == null)));
        });
    }

    private CompletionStage<List<Correction>> corrections(UsageEvent event) {
        return corrections.isPresent()
                ? corrections.get().corrections(event.call().organization(), event.id())
                : CompletableFuture.completedStage(List.of());
    }

    static EventId eventId(String text) {
        try {
            return EventId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("", 0, "event id: " + e.getMessage());
        }
    }
}
