package dev.quotary.provider.openai;

import java.nio.charset.StandardCharsets;

/** Forms as clients send them. */
final class Forms {
    static final String TYPE = "multipart/form-data; boundary=----b7";

    private Forms() {}

    /** A form with a file of 3,000 bytes. */
    static byte[] of(String model, String... fields) {
        var form = new StringBuilder();
        form.append(field("model", model));
        for (String field : fields) {
            int equals = field.indexOf('=');
            form.append(field(field.substring(0, equals), field.substring(equals + 1)));
        }
        return form.append("------b7\r\nContent-Disposition: form-data; name=\"file\"; filename=\"talk.mp3\"\r\n")
                .append("Content-Type: audio/mpeg\r\n\r\n")
                .append("\u00ff\r\n--".repeat(600))
                .append("\r\n------b7--\r\n")
                .toString()
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String field(String name, String value) {
        return "------b7\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }
}
