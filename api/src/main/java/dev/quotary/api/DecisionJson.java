package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.http.Answers;
import dev.quotary.http.AsciiText;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.LimitTexts;
import dev.quotary.http.Problem;
import dev.quotary.http.RefusalText;
import dev.quotary.http.Times;
import dev.quotary.http.UsageHeaders;
import dev.quotary.limit.Hold;
import dev.quotary.meter.MeterKey;
import dev.quotary.usage.Decision;
import dev.quotary.usage.LimitStatus;
import dev.quotary.usage.Reserved;
import dev.quotary.usage.Verdict;
import java.io.IOException;
import java.util.List;

/** Words the engine's answers to check, reserve and extend. Safe for many threads. */
final class DecisionJson {
    private static final int UNLIMITED = -1;
    private static final int BODY_BYTES = 4096;
    /** Event loops are few and live long: each reuses its own. */
    private static final ThreadLocal<AsciiText> SCRATCH = ThreadLocal.withInitial(() -> new AsciiText(BODY_BYTES));

    private final LimitTexts texts = new LimitTexts();

    /**
     * The answer to a request that holds something.
     *
     * @param status of the answer if it was granted
     * @param compatible whether the numbers are wanted in the form of older clients too
     */
    Reply reserved(Reserved reserved, int status, boolean compatible) {
        return switch (reserved) {
            case Reserved.Decided decided -> {
                var decision = decided.decision();
                yield decision.verdict().allowed()
                        ? allowed(decision, status, compatible)
                        : refused(decision, compatible);
            }
            case Reserved.SubjectUnknown _,
                    Reserved.SubjectBlocked _,
                    Reserved.ModelNotPriced _,
                    Reserved.Mismatch _,
                    Reserved.Closed _ -> Reply.problem(problem(reserved));
        };
    }

    /** The answer to a check: a denial is what was asked for, so it is a 200 with the members of a refusal. */
    Reply checked(Reserved reserved, boolean compatible) {
        if (reserved instanceof Reserved.Decided(var decision)
                && !decision.verdict().allowed()) {
            return response -> {
                UsageHeaders.put(response.headers(), decision);
                Reply.json(Reply.OK, refusal(decision, compatible)::write).send(response);
            };
        }
        return reserved(reserved, Reply.OK, compatible);
    }

    private Reply allowed(Decision decision, int status, boolean compatible) {
        return response -> {
            UsageHeaders.put(response.headers(), decision);
            if (!compatible && plain(decision)) {
                Answers.json(response, status, body(decision));
                return;
            }
            Reply.json(status, json -> {
                        json.writeStartObject();
                        members(json, decision, compatible);
                        json.writeEndObject();
                    })
                    .send(response);
        };
    }

    /** Whether {@link #body} says all that there is to say. */
    private static boolean plain(Decision decision) {
        if (decision.verdict() != Verdict.ALLOWED || decision.queueWaitMillis() > 0) {
            return false;
        }
        var limits = decision.limits();
        for (int i = 0; i < limits.size(); i++) {
            if (!LimitTexts.plain(limits.get(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * The answer that nearly every caller gets, by hand: as {@link #members} words it, which would take longer than deciding. Allowed without
     * warnings means that no limit has reached a threshold.
     */
    private AsciiText body(Decision decision) {
        var out = SCRATCH.get().clear().add("{\"allowed\":true,\"decision\":\"allowed\"");
        var hold = decision.hold();
        if (hold != null) {
            out.add(",\"reservation\":{\"id\":\"").add(hold.id().toString());
            out.add("\",\"expires_at\":\"").add(Times.text(hold.expiresAt())).add("\"}");
        }
        out.add(",\"estimated_cost\":\"").add(decision.asked().cost()).add("\",\"limits\":[");
        var limits = decision.limits();
        for (int i = 0; i < limits.size(); i++) {
            if (i > 0) {
                out.add(",");
            }
            texts.write(out, limits.get(i));
        }
        return out.add("],\"warnings\":[]}");
    }

    private Reply refused(Decision decision, boolean compatible) {
        return response -> {
            UsageHeaders.put(response.headers(), decision);
            Reply.problem(refusal(decision, compatible)).send(response);
        };
    }

    private Problem refusal(Decision decision, boolean compatible) {
        int status = decision.refusalStatus();
        return new Problem(RefusalText.code(status), status, RefusalText.of(decision), json -> {
            var plan = decision.account().plan();
            if (plan != null && plan.upgradeUrl() != null) {
                json.writeStringField("upgrade_url", plan.upgradeUrl());
            }
            members(json, decision, compatible);
            limits(json, "violations", decision.violations());
        });
    }

    private void members(JsonGenerator json, Decision decision, boolean compatible) throws IOException {
        json.writeBooleanField("allowed", decision.verdict().allowed());
        json.writeStringField("decision", decision.verdict().key());
        if (decision.verdict() == Verdict.THROTTLED) {
            json.writeNumberField("delay_ms", decision.delay().toMillis());
        }
        var hold = decision.hold();
        if (hold != null) {
            json.writeFieldName("reservation");
            reservation(json, hold);
        }
        if (decision.queueWaitMillis() > 0) {
            json.writeNumberField("queue_wait_ms", decision.queueWaitMillis());
        }
        json.writeStringField("estimated_cost", decision.asked().cost().toString());
        limits(json, "limits", decision.limits());
        warnings(json, decision.limits());
        if (compatible) {
            compatible(json, decision.limits());
        }
    }

    private static void reservation(JsonGenerator json, Hold hold) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", hold.id().toString());
        json.writeStringField("expires_at", Times.text(hold.expiresAt()));
        json.writeEndObject();
    }

    void limits(JsonGenerator json, String name, List<LimitStatus> limits) throws IOException {
        json.writeArrayFieldStart(name);
        for (var status : limits) {
            texts.write(json, status);
        }
        json.writeEndArray();
    }

    static void warnings(JsonGenerator json, List<LimitStatus> limits) throws IOException {
        json.writeArrayFieldStart("warnings");
        for (var status : limits) {
            var threshold = status.threshold();
            if (threshold.isPresent()) {
                json.writeStartObject();
                json.writeStringField("limit", status.limit().key().value());
                json.writeNumberField("threshold", threshold.getAsInt());
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }

    /** The view of clients for whom a limit is a number, and -1 is none. */
    static void compatible(JsonGenerator json, List<LimitStatus> limits) throws IOException {
        json.writeArrayFieldStart("compat");
        for (var status : limits) {
            boolean unlimited = status.limit().maximum().unlimited();
            var meter = status.limit().meter();
            json.writeStartObject();
            json.writeStringField("key", status.limit().key().value());
            json.writeStringField("type", meter.value());
            json.writeStringField("period", status.limit().counted().window().key());
            number(
                    json,
                    "limit",
                    meter,
                    unlimited ? UNLIMITED : status.limit().maximum().units());
            number(json, "used", meter, status.used());
            number(json, "remaining", meter, unlimited ? UNLIMITED : status.remaining());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void number(JsonGenerator json, String name, MeterKey meter, long units) throws IOException {
        json.writeFieldName(name);
        if (units == UNLIMITED) {
            json.writeNumber(UNLIMITED);
        } else {
            LimitTexts.amount(json, meter, units);
        }
    }

    private static Problem problem(Reserved reserved) {
        return switch (reserved) {
            case Reserved.SubjectUnknown unknown ->
                Problem.of(
                        ErrorCode.SUBJECT_UNKNOWN,
                        "There is no subject '" + unknown.subject() + "', and its organization makes none on the fly.");
            case Reserved.SubjectBlocked _ -> Problem.of(ErrorCode.SUBJECT_BLOCKED, "This subject is blocked.");
            case Reserved.ModelNotPriced unpriced ->
                Problem.of(
                        ErrorCode.MODEL_NOT_PRICED,
                        "A limit on cost applies, and model '" + unpriced.model() + "' of provider '"
                                + unpriced.provider()
                                + "' has no price. Declare one, name the cost, or let the organization use unpriced models.");
            case Reserved.Mismatch _ ->
                Problem.of(ErrorCode.IDEMPOTENCY_MISMATCH, "This id was used before, for a request of other content.");
            case Reserved.Closed _ ->
                Problem.of(
                        ErrorCode.RESERVATION_CLOSED,
                        "This reservation is settled, released or expired. Reserve anew under another id.");
            case Reserved.Decided _ -> throw new IllegalStateException("a decision is not a problem");
        };
    }
}
