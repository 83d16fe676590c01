package dev.quotary.provider.openai;

import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.json.Edit;
import dev.quotary.provider.json.JsonText;
import dev.quotary.provider.json.RequestCursor;
import dev.quotary.provider.json.RequestMembers;
import java.io.IOException;

/** The member {@code model} of a request: its name, and where it stands. */
public final class ModelMember {
    public static final int LENGTH_MAX = 256;

    private String name = "";
    private int from;
    private int to;

    /** Reads the value at hand. */
    public void read(RequestCursor cursor, RequestMembers members) throws IOException {
        if (cursor.at(VALUE_STRING)) {
            from = cursor.offset();
            to = cursor.stringEnd();
        }
        name = members.text("model", LENGTH_MAX).orElse("");
        if (cursor.ok() && !valid(name)) {
            cursor.reject(Rejected.of("Invalid 'model': expected the name of a model.", "model"));
        }
    }

    /** Whether it may be the name of a model. */
    public static boolean valid(String name) {
        return !name.isBlank() && name.length() <= LENGTH_MAX && name.chars().noneMatch(Character::isISOControl);
    }

    public String name() {
        return name;
    }

    /** How the request names another model. */
    public SplicedRequest.Renaming renaming() {
        return other -> new Edit(from, to, JsonText.literal(other));
    }
}
