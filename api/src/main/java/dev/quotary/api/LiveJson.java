package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.api.live.OwnLimits;
import dev.quotary.api.live.Words;
import dev.quotary.call.Call;
import dev.quotary.http.Answers;
import dev.quotary.http.LimitTexts;
import dev.quotary.http.Times;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.usage.Decision;
import dev.quotary.usage.LimitState;
import dev.quotary.usage.LimitStatus;
import dev.quotary.usage.Verdict;
import java.io.IOException;
import java.util.List;

/** What live streams tell, in the words of the rest of the API. */
public final class LiveJson implements Words {
    private final LimitTexts texts = new LimitTexts();

    @Override
    public byte[] usage(UsageEvent event) {
        return Answers.bytes(json -> {
            var metered = event.metered();
            var result = event.result();
            json.writeStartObject();
            json.writeStringField("id", event.id().toString());
            json.writeStringField("time", Times.text(event.time()));
            EventJson.call(json, event.call());
            AmountJson.amounts(json, metered.amounts());
            json.writeStringField("cost_basis", metered.facts().basis().key());
            json.writeStringField("outcome", result.outcome().key());
            EventJson.text(json, "error_type", result.errorType());
            json.writeNumberField("latency_ms", result.latencyMillis());
            json.writeNumberField("queue_wait_ms", result.queueWaitMillis());
            json.writeBooleanField("late", result.late());
            json.writeStringField("source", metered.evidence().key());
            json.writeEndObject();
        });
    }

    @Override
    public byte[] decision(Call call, Decision decision, boolean own) {
        return Answers.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("at", Times.text(decision.at()));
            EventJson.call(json, call);
            json.writeStringField("decision", decision.verdict().key());
            if (decision.verdict() == Verdict.DENIED) {
                json.writeNumberField("status", decision.refusalStatus());
            }
            if (decision.verdict() == Verdict.THROTTLED) {
                json.writeNumberField("delay_ms", decision.delay().toMillis());
            }
            json.writeObjectFieldStart("asked");
            AmountJson.amounts(json, decision.asked());
            json.writeEndObject();
            limits(json, "violations", shown(decision.violations(), own));
            limits(
                    json,
                    "limits",
                    shown(decision.limits(), own).stream()
                            .filter(status -> !status.violated() && status.state() != LimitState.OK)
                            .toList());
            json.writeEndObject();
        });
    }

    private static List<LimitStatus> shown(List<LimitStatus> limits, boolean own) {
        return own ? limits.stream().filter(OwnLimits::has).toList() : limits;
    }

    private void limits(JsonGenerator json, String name, List<LimitStatus> limits) throws IOException {
        json.writeArrayFieldStart(name);
        for (var status : limits) {
            texts.write(json, status);
        }
        json.writeEndArray();
    }

    @Override
    public byte[] status(Change change) {
        return Answers.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("organization", change.organization().value());
            EventJson.text(
                    json,
                    "subject",
                    change.subject() == null ? null : change.subject().value());
            EventJson.text(json, "before", change.before().map(LimitState::key).orElse(null));
            json.writeFieldName("limit");
            texts.write(json, change.status());
            json.writeEndObject();
        });
    }
}
