package dev.quotary.provider.sse;

import dev.quotary.provider.json.ByteBuilder;

/** Finds the data of an event. Made once and used for one event after the other, so that reading an event allocates nothing. */
public final class EventData {
    private byte[] bytes = {};
    private int from;
    private int to;
    private int lines;

    /** Looks for the data of the event in these bytes. */
    public void read(byte[] event, int eventFrom, int eventTo) {
        bytes = event;
        from = eventFrom;
        to = eventFrom;
        lines = 0;
        int lineStart = eventFrom;
        while (lineStart < eventTo) {
            int lineEnd = lineStart;
            while (lineEnd < eventTo && event[lineEnd] != '\n') {
                lineEnd++;
            }
            boolean carriageReturn = lineEnd > lineStart && event[lineEnd - 1] == '\r';
            line(event, lineStart, carriageReturn ? lineEnd - 1 : lineEnd);
            lineStart = lineEnd + 1;
        }
    }

    private void line(byte[] event, int lineFrom, int lineTo) {
        if (!startsWithData(event, lineFrom, lineTo)) {
            return;
        }
        int valueFrom = lineFrom + 5;
        if (valueFrom < lineTo && event[valueFrom] == ' ') {
            valueFrom++;
        }
        lines++;
        if (lines == 1) {
            from = valueFrom;
            to = lineTo;
        } else {
            join(event, valueFrom, lineTo);
        }
    }

    /** The standard joins the data lines of one event with line feeds; no provider is known to send more than one. */
    private void join(byte[] event, int valueFrom, int valueTo) {
        var joined = new ByteBuilder();
        joined.append(bytes, from, to);
        joined.append('\n');
        joined.append(event, valueFrom, valueTo);
        bytes = joined.array();
        from = 0;
        to = joined.size();
    }

    private static boolean startsWithData(byte[] line, int from, int to) {
        return to - from >= 5
                && line[from] == 'd'
                && line[from + 1] == 'a'
                && line[from + 2] == 't'
                && line[from + 3] == 'a'
                && line[from + 4] == ':';
    }

    /** Data lines of the event; with exactly one, {@link #bytes} are the event's own. */
    public int lines() {
        return lines;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int from() {
        return from;
    }

    public int to() {
        return to;
    }
}
