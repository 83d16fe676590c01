package dev.quotary.simulator;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A running server that answers {@code POST /v1/chat/completions} and {@code GET /v1/models} as OpenAI does and {@code POST
 * /v1/messages} as Anthropic does, without a model.
 *
 * <p>What an answer looks like is chosen by the caller, call by call, with a directive such as {@code [simulate output=3
 * latency=200ms]} in a message or in the header {@code X-Simulate}. Safe for use by several threads.
 */
public final class SimulatedProvider {
    private static final int ACCEPT_BACKLOG = 4096;

    private final HttpServer server;
    private final LongSupplier requests;

    private SimulatedProvider(HttpServer server, LongSupplier requests) {
        this.server = server;
        this.requests = requests;
    }

    /**
     * What the operator chooses, as opposed to the caller.
     *
     * @param port 0 takes any free one, see {@link SimulatedProvider#port()}
     * @param clock the time that answers name as that of their creation
     * @param key what a caller must send as bearer token, or to Anthropic in {@code x-api-key}; empty lets everyone in
     */
    public record Options(String host, int port, InstantSource clock, Optional<Key> key) {
        private static final int PORT_MAX = 65_535;

        public Options {
            if (host.isBlank()) {
                throw new IllegalArgumentException("expected a host name or address, was '" + host + "'");
            }
            if (port < 0 || port > PORT_MAX) {
                throw new IllegalArgumentException("expected a port of 0.." + PORT_MAX + ", was " + port);
            }
        }

        /** Lets everyone in who reaches {@code host}. */
        public static Options open(String host, int port, InstantSource clock) {
            return new Options(host, port, clock, Optional.empty());
        }
    }

    /** The secret that a caller must know. */
    public record Key(String secret) {
        public Key {
            if (secret.isBlank()) {
                throw new IllegalArgumentException("expected a key, was blank");
            }
        }

        @Override
        public String toString() {
            return "***";
        }
    }

    /** Starts a server; the future fails if the address cannot be bound. */
    public static Future<SimulatedProvider> start(Vertx vertx, Options options) {
        return start(vertx, options, Delays.of(vertx));
    }

    static Future<SimulatedProvider> start(Vertx vertx, Options options, Delays delays) {
        var chat = new ChatEndpoint(options.clock());
        var messages = new MessagesEndpoint();
        var gemini = new GeminiEndpoint();
        var routes = new Routes(new KeyCheck(options.key()), chat, messages, gemini, options.clock());
        var stamps = new Stamps(options.clock().instant());
        return vertx.createHttpServer(serverOptions(options))
                .requestHandler(request -> routes.handle(new Exchange(request, delays, stamps.next())))
                .listen()
                .map(server ->
                        new SimulatedProvider(server, () -> chat.requests() + messages.requests() + gemini.requests()));
    }

    /** The port that the server listens on. */
    public int port() {
        return server.actualPort();
    }

    /** How many calls that would cost have arrived since the start, refused ones included. */
    public long requests() {
        return requests.getAsLong();
    }

    /** Stops listening and closes every connection, with the answers still under way. */
    public Future<Void> close() {
        return server.close();
    }

    private static HttpServerOptions serverOptions(Options options) {
        return new HttpServerOptions()
                .setHost(options.host())
                .setPort(options.port())
                .setAcceptBacklog(ACCEPT_BACKLOG)
                .setHandle100ContinueAutomatically(true)
                // Over HTTP/2 a cut stream would be a reset frame on a healthy connection, which is not what
                // `cut_after` promises.
                .setHttp2ClearTextEnabled(false);
    }
}
