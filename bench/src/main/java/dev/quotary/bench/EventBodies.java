package dev.quotary.bench;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * Requests with CloudEvents, made by putting other ids, subjects and models into bytes that stay: so that the client takes little of the
 * machine from the server. For one thread.
 */
final class EventBodies {
    static final int SUBJECTS = 1_000;
    static final String[] MODELS = {"gpt-4o-mini", "claude-haik", "gemini-lite", "grok-mini-0"};
    private static final String ID = "00000000-0000-7000-8000-000000000000";
    private static final HexFormat HEX = HexFormat.of();

    private final byte[] request;
    private final int[] ids;
    private final int subjectAfter;
    private final int modelAfter;
    private final boolean ordered;
    private final SplittableRandom random;
    private final int connection;
    private long sequence;

    /**
     * @param batch events of a request; 1 is sent as one event
     * @param ordered whether ids begin with the time, as UUIDs of version 7 do
     * @param connection tells the ids of several senders apart
     */
    EventBodies(String key, int batch, boolean ordered, int connection) {
        this.ordered = ordered;
        this.connection = connection;
        this.random = new SplittableRandom(System.nanoTime() + connection);
        var time = Instant.ofEpochSecond(Instant.now().getEpochSecond()).toString();
        var one = "{\"specversion\":\"1.0\",\"id\":\"" + ID
                + "\",\"source\":\"bench/writer\",\"type\":\"prompt\",\"subject\":\"user-0000\",\"time\":\"" + time
                + "\",\"data\":{\"tokens\":420,\"model\":\"" + MODELS[0] + "\",\"kind\":\"output\"}}";
        var body = batch == 1 ? one : "[" + (one + ",").repeat(batch - 1) + one + "]";
        var head = "POST /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/cloudevents"
                + (batch == 1 ? "" : "-batch") + "+json\r\nAuthorization: Bearer " + key + "\r\nContent-Length: "
                + body.length() + "\r\n\r\n";
        this.request = (head + body).getBytes(StandardCharsets.US_ASCII);
        this.ids = new int[batch];
        int first = head.length() + (batch == 1 ? 0 : 1) + one.indexOf(ID);
        for (int i = 0; i < batch; i++) {
            ids[i] = first + i * (one.length() + 1);
        }
        this.subjectAfter = one.indexOf("user-0000") + "user-".length() - one.indexOf(ID);
        this.modelAfter = one.indexOf(MODELS[0]) - one.indexOf(ID);
    }

    /** The bytes of the next request; they are written over by the one after it. */
    byte[] next() {
        long millis = System.currentTimeMillis();
        for (int at : ids) {
            sequence++;
            long high = ordered ? millis << 16 | 0x7000 | (sequence & 0xfff) : random.nextLong();
            long low = ordered ? (long) connection << 48 | sequence : random.nextLong();
            id(at, high, low);
            digits(at + subjectAfter, random.nextInt(SUBJECTS));
            var model = MODELS[random.nextInt(MODELS.length)];
            for (int i = 0; i < model.length(); i++) {
                request[at + modelAfter + i] = (byte) model.charAt(i);
            }
        }
        return request;
    }

    private void id(int at, long high, long low) {
        var hex = HEX.toHexDigits(high) + HEX.toHexDigits(low);
        int to = at;
        for (int i = 0; i < hex.length(); i++) {
            if (i == 8 || i == 12 || i == 16 || i == 20) {
                to++;
            }
            request[to++] = (byte) hex.charAt(i);
        }
    }

    private void digits(int at, int number) {
        int rest = number;
        for (int i = 3; i >= 0; i--) {
            request[at + i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
