package dev.quotary.e2e;

import dev.quotary.e2e.RawClient.Ask;
import dev.quotary.e2e.RawHttp.Message;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands between a client and a server, passes everything on, and keeps the requests: what a client library really sent. */
final class Tap implements AutoCloseable {
    private final ServerSocket listening;
    private final int target;
    private final List<Message> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private Tap(ServerSocket listening, int target) {
        this.listening = listening;
        this.target = target;
    }

    static Tap before(int target) {
        try {
            var tap = new Tap(new ServerSocket(0, 64, InetAddress.getLoopbackAddress()), target);
            Thread.ofVirtual().name("tap").start(tap::accept);
            return tap;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    /** The requests so far, in their order. */
    List<Message> requests() {
        return List.copyOf(requests);
    }

    private void accept() {
        try {
            while (true) {
                var client = listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException _) {
            // Closed: the test is over.
        }
    }

    private void serve(Socket client) {
        try (client;
                var server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            open.add(client);
            open.add(server);
            Thread.ofVirtual().start(() -> answers(server, client));
            var in = new RawHttp(new BufferedInputStream(client.getInputStream()));
            for (var request = in.request(); request.isPresent(); request = in.request()) {
                requests.add(request.get());
                server.getOutputStream().write(again(request.get()));
            }
        } catch (IOException _) {
            // One side closed its connection.
        }
    }

    private static byte[] again(Message request) {
        var asked = request.asked();
        int space = asked.indexOf(' ');
        var headers = request.headers().stream()
                .filter(header -> !header.name().equalsIgnoreCase("content-length")
                        && !header.name().equalsIgnoreCase("transfer-encoding"))
                .toList();
        return new Ask(asked.substring(0, space), asked.substring(space + 1), headers, request.body()).bytes();
    }

    /** Ends the client's connection as the server ended its own: in order, or broken. */
    private static void answers(Socket server, Socket client) {
        try (server;
                client) {
            server.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException _) {
            // One side closed its connection.
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (var socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
