package dev.quotary.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;

/** The fields of a form as if they had come as JSON; files are counted by their name only. */
final class FormText {
    private static final Pattern NAME = Pattern.compile("; *name=\"([^\"]+)\"");
    private static final Set<String> FILES = Set.of("file", "image", "image[]", "mask");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    private FormText() {}

    /** @throws InvalidRequestException if it is no form */
    static ObjectNode object(Buffer body) {
        var text = new String(body.getBytes(), StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n");
        if (end < 2 || !text.startsWith("--")) {
            throw new InvalidRequestException(ProviderError.notJson());
        }
        var json = Json.object();
        for (String part : text.split(Pattern.quote(text.substring(0, end)), -1)) {
            int head = part.indexOf("\r\n\r\n");
            var name = NAME.matcher(head < 0 ? "" : part.substring(0, head));
            if (name.find()) {
                boolean file = part.substring(0, head).contains("filename") || FILES.contains(name.group(1));
                put(json, name.group(1), file ? "" : part.substring(head + 4, Math.max(head + 4, part.length() - 2)));
            }
        }
        return json;
    }

    private static void put(ObjectNode json, String name, String bytes) {
        var value = new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        if (value.equals("true") || value.equals("false")) {
            json.put(name, value.equals("true"));
        } else if (NUMBER.matcher(value).matches()) {
            json.put(name, Integer.parseInt(value));
        } else {
            json.put(name, value);
        }
    }
}
