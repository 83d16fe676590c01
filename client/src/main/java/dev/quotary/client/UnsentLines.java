package dev.quotary.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The lines of the file of what is unsent: {@code P number sum content}, {@code D number sum}.
 *
 * @param live what came and is not done with, by number, in the order of coming
 * @param broken lines that say nothing
 */
record UnsentLines(Map<Long, String> live, List<String> broken) {
    private static final Pattern LINE = Pattern.compile("([PD]) ([0-9]{1,18}) ([0-9a-f]{8})(?: (.+))?");
    private static final int KIND = 1;
    private static final int NUMBER = 2;
    private static final int SUM = 3;
    private static final int CONTENT = 4;

    static String put(long number, String content) {
        return "P " + number + " " + sum(number, content) + " " + content + "\n";
    }

    static String done(long number) {
        return "D " + number + " " + sum(number, "") + "\n";
    }

    static UnsentLines read(String text) {
        var read = new UnsentLines(new LinkedHashMap<>(), new ArrayList<>());
        text.lines().filter(line -> !line.isEmpty()).forEach(read::add);
        return read;
    }

    private void add(String line) {
        var match = LINE.matcher(line);
        if (!match.matches()) {
            broken.add(line);
            return;
        }
        long number = Long.parseLong(match.group(NUMBER));
        boolean put = match.group(KIND).equals("P");
        var content = match.group(CONTENT) == null ? "" : match.group(CONTENT);
        if (!match.group(SUM).equals(sum(number, content)) || put == content.isEmpty()) {
            broken.add(line);
        } else if (put) {
            live.put(number, content);
        } else {
            live.remove(number);
        }
    }

    private static String sum(long number, String content) {
        var crc = new CRC32();
        crc.update((number + " " + content).getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
