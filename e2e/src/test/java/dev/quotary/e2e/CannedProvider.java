package dev.quotary.e2e;

import dev.quotary.e2e.RawHttp.Header;
import dev.quotary.e2e.RawHttp.Message;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A provider that says the bytes it is told to say, and keeps the bytes it was sent. */
final class CannedProvider implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile Answer answer;

    private CannedProvider(ServerSocket listening, Answer answer) {
        this.listening = listening;
        this.answer = answer;
    }

    /** What it does with a request it has read. */
    @FunctionalInterface
    interface Answer {
        void give(Message request, Connection to) throws IOException, InterruptedException;
    }

    static CannedProvider start(Answer answer) {
        try {
            var listening = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
            var provider = new CannedProvider(listening, answer);
            Thread.ofVirtual().name("canned-provider").start(provider::accept);
            return provider;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One whole answer with its length. */
    static Answer whole(int status, List<Header> headers, byte[] body) {
        return (_, to) -> to.whole(status, headers, body);
    }

    static Answer json(String body) {
        return whole(
                200, List.of(new Header("content-type", "application/json")), body.getBytes(StandardCharsets.UTF_8));
    }

    /** A stream in exactly these pieces, each a chunk of its own. */
    static Answer stream(List<Header> headers, List<byte[]> pieces) {
        return (_, to) -> {
            to.begin(200, headers);
            for (byte[] piece : pieces) {
                to.piece(piece);
            }
            to.end();
        };
    }

    void answers(Answer next) {
        answer = next;
    }

    URI baseUrl() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    /** How many requests have come. */
    int calls() {
        return calls.get();
    }

    /** The oldest request that was not taken yet; waits for it. */
    Message taken() {
        try {
            var message = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("no request came");
            }
            return message;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void accept() {
        try {
            while (true) {
                var socket = listening.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                Thread.ofVirtual().name("canned-connection").start(() -> serve(socket));
            }
        } catch (IOException _) {
            // Closed: the test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new RawHttp(new BufferedInputStream(socket.getInputStream()));
            var connection = new Connection(socket);
            for (var request = in.request(); request.isPresent(); request = in.request()) {
                calls.incrementAndGet();
                received.add(request.get());
                answer.give(request.get(), connection);
            }
        } catch (IOException _) {
            // The gateway closed the connection, or the answer did.
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            open.remove(socket);
        }
    }

    /** Is gone for new calls and running ones. */
    void vanish() {
        try {
            listening.close();
            for (var socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        vanish();
    }

    /** The provider's end of one connection. */
    static final class Connection {
        private final Socket socket;
        private final OutputStream out;

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.out = socket.getOutputStream();
        }

        void whole(int status, List<Header> headers, byte[] body) throws IOException {
            var message = head(status, headers, new Header("content-length", Integer.toString(body.length)));
            message.writeBytes(body);
            out.write(message.toByteArray());
        }

        void begin(int status, List<Header> headers) throws IOException {
            out.write(head(status, headers, new Header("transfer-encoding", "chunked"))
                    .toByteArray());
        }

        void piece(byte[] piece) throws IOException {
            var chunk = new ByteArrayOutputStream();
            chunk.writeBytes((Integer.toHexString(piece.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            chunk.writeBytes(piece);
            chunk.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
            out.write(chunk.toByteArray());
        }

        void end() throws IOException {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }

        /** Closes without the last chunk. */
        void hangUp() throws IOException {
            socket.close();
        }

        /** Resets the connection: what was not delivered yet is lost. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Goes on when the test says so. */
        void await(CountDownLatch latch) throws InterruptedException {
            if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody let the provider go on");
            }
        }

        private static ByteArrayOutputStream head(int status, List<Header> headers, Header framing) {
            var head = new StringBuilder("HTTP/1.1 " + status + " Canned\r\n");
            headers.forEach(header -> head.append(header.name())
                    .append(": ")
                    .append(header.value())
                    .append("\r\n"));
            head.append(framing.name()).append(": ").append(framing.value()).append("\r\n\r\n");
            var out = new ByteArrayOutputStream();
            out.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
            return out;
        }
    }
}
