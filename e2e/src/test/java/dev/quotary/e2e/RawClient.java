package dev.quotary.e2e;

import dev.quotary.e2e.RawHttp.Header;
import dev.quotary.e2e.RawHttp.Message;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One connection to a server, on which a test writes and reads bytes itself. */
final class RawClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Socket socket;
    private final RawHttp in;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new RawHttp(new BufferedInputStream(socket.getInputStream()));
    }

    static RawClient connect(int port) {
        return connect(port, 0);
    }

    /** @param receiveBytes how much the system keeps for a client that does not read; 0 for its default */
    static RawClient connect(int port, int receiveBytes) {
        try {
            var socket = new Socket();
            if (receiveBytes > 0) {
                socket.setReceiveBufferSize(receiveBytes);
            }
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            return new RawClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request as a test words it. */
    static final class Ask {
        private final String method;
        private final String target;
        private final List<Header> headers;
        private final byte[] body;

        Ask(String method, String target, List<Header> headers, byte[] body) {
            this.method = method;
            this.target = target;
            this.headers = headers;
            this.body = body;
        }

        static Ask post(String target, byte[] body) {
            return new Ask("POST", target, List.of(), body).with("Content-Type", "application/json");
        }

        static Ask post(String target, String body) {
            return post(target, body.getBytes(StandardCharsets.UTF_8));
        }

        static Ask get(String target) {
            return new Ask("GET", target, List.of(), new byte[0]);
        }

        Ask with(String name, String value) {
            var more = new ArrayList<>(headers);
            more.add(new Header(name, value));
            return new Ask(method, target, more, body);
        }

        Ask key(String key) {
            return with("Authorization", "Bearer " + key);
        }

        byte[] bytes() {
            var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: quotary.test\r\n");
            headers.forEach(header -> head.append(header.name())
                    .append(": ")
                    .append(header.value())
                    .append("\r\n"));
            if (body.length > 0) {
                head.append("Content-Length: ").append(body.length).append("\r\n");
            }
            var out = new ByteArrayOutputStream();
            out.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            out.writeBytes(body);
            return out.toByteArray();
        }
    }

    /** One request and its answer on a connection of its own. */
    static Message exchange(int port, Ask ask) {
        try (var client = connect(port)) {
            return client.send(ask).answer();
        }
    }

    RawClient send(Ask ask) {
        return send(ask.bytes());
    }

    RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The whole answer, or what came of it. */
    Message answer() {
        try {
            return in.answer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The head of an answer whose chunks are read one by one. */
    Message head() {
        try {
            return in.head().orElseThrow(() -> new AssertionError("the connection ended without an answer"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads chunks until they hold this many bytes together. */
    byte[] chunks(int bytesMin) {
        var read = new ByteArrayOutputStream();
        try {
            while (read.size() < bytesMin) {
                read.writeBytes(in.chunk().orElseThrow(() -> new AssertionError("the body ended too early")));
            }
            return read.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the rest of the body and tells how long it was. */
    long chunksToEnd() {
        long read = 0;
        try {
            for (var chunk = in.chunk(); chunk.isPresent(); chunk = in.chunk()) {
                read += chunk.get().length;
            }
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the body ends here, with its last chunk. */
    boolean atEnd() {
        try {
            return in.chunk().isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Breaks the connection off, as a client that crashed. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
