package dev.quotary.provider.gemini;

import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NULL;

import com.fasterxml.jackson.core.JsonParser;
import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.Served;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Broken;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Reads the usage of embeddings, which only some answers tell. The vectors are passed over. */
final class EmbedAnswerReader {
    private EmbedAnswerReader() {}

    static AnswerFacts read(Json json, byte[] body) {
        try (JsonParser parser = json.parser(body, 0, body.length)) {
            return document(parser);
        } catch (IOException e) {
            return unnamed(new Broken("the answer is not complete, valid JSON"));
        }
    }

    private static AnswerFacts document(JsonParser parser) throws IOException {
        if (parser.nextToken() != START_OBJECT) {
            return unnamed(new Broken("the answer is not one JSON object"));
        }
        UsageReading usage = new Missing();
        Optional<String> tier = Optional.empty();
        while (parser.nextToken() == FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            boolean metadata = name.equals("usageMetadata") || name.equals("usage_metadata");
            if (!metadata || parser.currentToken() == VALUE_NULL) {
                parser.skipChildren();
            } else if (parser.currentToken() != START_OBJECT || !(usage instanceof Missing)) {
                parser.skipChildren();
                usage = new Broken("usageMetadata is not one object");
            } else {
                var read = UsageReader.read(parser, UsageCounts.Kind.EMBEDDING);
                usage = read.usage();
                tier = read.tier();
            }
        }
        if (parser.nextToken() != null) {
            return unnamed(new Broken("the answer is not one JSON object"));
        }
        return new AnswerFacts(usage, Tiers.served(Optional.empty(), tier), List.of());
    }

    private static AnswerFacts unnamed(UsageReading usage) {
        return new AnswerFacts(usage, Served.UNNAMED, List.of());
    }
}
