package dev.quotary.e2e;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads HTTP/1.1 messages off a connection and undoes nothing but their framing, so that a test sees the very bytes. */
final class RawHttp {
    private static final int HEAD_BYTES_MAX = 64 * 1024;

    private final InputStream in;

    RawHttp(InputStream in) {
        this.in = in;
    }

    record Header(String name, String value) {}

    /** One request or answer. */
    static final class Message {
        private final String start;
        private final List<Header> headers;
        private final byte[] body;
        private final List<Header> trailers;
        private final boolean whole;

        Message(String start, List<Header> headers, byte[] body, List<Header> trailers, boolean whole) {
            this.start = start;
            this.headers = headers;
            this.body = body;
            this.trailers = trailers;
            this.whole = whole;
        }

        /** The request line or the status line. */
        String start() {
            return start;
        }

        List<Header> headers() {
            return headers;
        }

        byte[] body() {
            return body;
        }

        List<Header> trailers() {
            return trailers;
        }

        /** Whether its end came before the connection's. */
        boolean whole() {
            return whole;
        }

        /** The only header of that name. */
        Optional<String> header(String name) {
            var values = values(headers, name);
            if (values.size() > 1) {
                throw new AssertionError("more than one header " + name + ": " + values);
            }
            return values.stream().findFirst();
        }

        Optional<String> trailer(String name) {
            return values(trailers, name).stream().findFirst();
        }

        int status() {
            return Integer.parseInt(start.substring(start.indexOf(' ') + 1).substring(0, 3));
        }

        /** Method and target of a request. */
        String asked() {
            return start.substring(0, start.lastIndexOf(' '));
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return start + " " + headers + "\n" + text();
        }

        private static List<String> values(List<Header> headers, String name) {
            return headers.stream()
                    .filter(header -> header.name().equalsIgnoreCase(name))
                    .map(Header::value)
                    .toList();
        }
    }

    /** Start line and headers of the next message; empty if the connection ended before it began. */
    Optional<Message> head() throws IOException {
        var start = line();
        if (start.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Message(start.get(), fields(), new byte[0], List.of(), true));
    }

    /** The next request; empty if the connection ended before it began. */
    Optional<Message> request() throws IOException {
        var head = head();
        return head.isEmpty() ? head : Optional.of(body(head.get(), false));
    }

    /** The next answer, with all of it that came. */
    Message answer() throws IOException {
        var head = head();
        while (head.isPresent() && head.get().status() == 100) {
            head = head();
        }
        return body(head.orElseThrow(() -> new EOFException("the connection ended without an answer")), true);
    }

    /** The next chunk of a chunked body; empty after the last one. */
    Optional<byte[]> chunk() throws IOException {
        var size = line().orElseThrow(() -> new EOFException("the connection ended within a chunked body"));
        int extension = size.indexOf(';');
        var digits = extension < 0 ? size : size.substring(0, extension);
        int length = Integer.parseInt(digits.strip(), 16);
        if (length == 0) {
            return Optional.empty();
        }
        byte[] chunk = exactly(length);
        line();
        return Optional.of(chunk);
    }

    private Message body(Message head, boolean answer) throws IOException {
        if (head.header("transfer-encoding").filter("chunked"::equalsIgnoreCase).isPresent()) {
            return chunked(head);
        }
        var length = head.header("content-length").map(Integer::parseInt);
        if (length.isPresent()) {
            byte[] body = in.readNBytes(length.get());
            return new Message(head.start(), head.headers(), body, List.of(), body.length == length.get());
        }
        boolean bodiless = !answer || head.status() == 204 || head.status() == 304 || head.status() < 200;
        byte[] body = bodiless ? new byte[0] : in.readAllBytes();
        return new Message(head.start(), head.headers(), body, List.of(), true);
    }

    private Message chunked(Message head) throws IOException {
        var body = new ByteArrayOutputStream();
        try {
            for (var chunk = chunk(); chunk.isPresent(); chunk = chunk()) {
                body.writeBytes(chunk.get());
            }
            return new Message(head.start(), head.headers(), body.toByteArray(), fields(), true);
        } catch (EOFException | SocketException _) {
            return new Message(head.start(), head.headers(), body.toByteArray(), List.of(), false);
        }
    }

    private List<Header> fields() throws IOException {
        var headers = new ArrayList<Header>();
        for (var line = line().orElse(""); !line.isEmpty(); line = line().orElse("")) {
            int colon = line.indexOf(':');
            headers.add(new Header(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return headers;
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the connection ended within a chunk");
        }
        return bytes;
    }

    /** A line without its end; empty if the connection ended before it. */
    private Optional<String> line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return Optional.empty();
            }
            if (line.size() > HEAD_BYTES_MAX) {
                throw new IOException("a line of a head is longer than " + HEAD_BYTES_MAX);
            }
            line.write(next);
        }
        var text = line.toString(StandardCharsets.ISO_8859_1);
        return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }
}
