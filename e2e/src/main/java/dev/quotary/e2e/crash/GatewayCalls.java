package dev.quotary.e2e.crash;

import dev.quotary.e2e.crash.Api.Answer;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Calls of an unchanged client through the gateway, plain or streamed. What was running when the server died is not repeated. */
final class GatewayCalls implements Worker {
    private static final String STREAM_END = "data: [DONE]";
    private static final int INPUT_MAX = 400;
    private static final int OUTPUT_MAX = 200;
    private static final int WAIT_MILLIS_MAX = 25;

    private final Client client;
    private final Faults faults;
    private final RandomGenerator random;
    private final boolean streamed;
    private final Tally tally;

    GatewayCalls(Client client, Faults faults, RandomGenerator random, String subject, boolean streamed) {
        this.client = client;
        this.faults = faults;
        this.random = random;
        this.streamed = streamed;
        this.tally = new Tally(subject, client.storeMayBeAway());
    }

    @Override
    public Tally tally() {
        return tally;
    }

    @Override
    public void step() throws InterruptedException {
        long input = random.nextLong(1, INPUT_MAX);
        long output = random.nextLong(1, OUTPUT_MAX);
        var body = """
                {"model":"gpt-4o-mini","max_tokens":%d,"stream":%b,"messages":[{"role":"user","content":"%s"}]}""".formatted(
                        OUTPUT_MAX, streamed, CountingProvider.prompt(input, output, random.nextLong(WAIT_MILLIS_MAX)));
        client.gate().pass();
        try {
            var answer = client.api()
                    .post("/openai/v1/chat/completions", body, Map.of("X-Quotary-Subject", tally.subject()));
            answered(answer, input, output);
        } catch (ConnectException _) {
            // It reached nobody.
        } catch (IOException _) {
            // Settled by what the provider said, or, where the server died before that was known, by an estimate that
            // is at most the bytes of the request.
            tally.doubt(new Use(1, Math.max(input, body.length()), output, BigDecimal.ZERO));
        }
    }

    private void answered(Answer answer, long input, long output) {
        if (client.away(answer)) {
            return; // Refused, so nothing was used.
        }
        boolean whole =
                answer.ok() && (!streamed || answer.body().stripTrailing().endsWith(STREAM_END));
        if (!whole || answer.event().isEmpty()) {
            faults.add(Faults.Kind.UNEXPECTED, "a call through the gateway: " + answer);
            return;
        }
        // The cost is not in every answer; the events are summed up when they are read back.
        if (!tally.acknowledge(answer.event().get(), new Use(1, input, output, BigDecimal.ZERO))) {
            faults.add(
                    Faults.Kind.UNEXPECTED,
                    "two calls were answered with the event " + answer.event().get());
        }
    }
}
