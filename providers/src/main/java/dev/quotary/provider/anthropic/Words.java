package dev.quotary.provider.anthropic;

import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonParser;
import dev.quotary.provider.text.NameSlot;
import java.io.IOException;
import java.util.Optional;

/** Short strings that name something. */
final class Words {
    private Words() {}

    /** The string at hand, if it can be a name; moves past any other value. */
    static Optional<String> word(JsonParser parser) throws IOException {
        if (parser.currentToken() != VALUE_STRING) {
            parser.skipChildren();
            return Optional.empty();
        }
        int length = parser.getTextLength();
        return length == 0 || length > NameSlot.LENGTH_MAX ? Optional.empty() : Optional.of(parser.getText());
    }
}
