package dev.quotary.api;

import dev.quotary.api.export.EventWriter;
import dev.quotary.http.Answers;
import dev.quotary.ledger.Corrections.Recorded;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One JSON object per line: the event as the API shows it, with the costs that it has now, without the history of their corrections. */
final class JsonLines implements EventWriter {
    private final boolean inside;

    /** @param inside whether the reader may know what a call cost the operator */
    JsonLines(boolean inside) {
        this.inside = inside;
    }

    @Override
    public void head(StringBuilder out) {
        // There is none.
    }

    @Override
    public void event(StringBuilder out, Recorded recorded) {
        var bytes = Answers.bytes(json -> EventJson.write(json, recorded.now(), List.of(), inside));
        out.append(new String(bytes, StandardCharsets.UTF_8)).append('\n');
    }

    @Override
    public void end(StringBuilder out) {
        // Everything is written already.
    }
}
