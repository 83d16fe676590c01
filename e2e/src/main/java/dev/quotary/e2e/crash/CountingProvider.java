package dev.quotary.e2e.crash;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * A provider that uses as many tokens as the prompt asks for, after as long: {@code use 12 34 within 5} is 12 tokens in, 34 out, 5 ms.
 * It lives in the rig, so that it outlives the server and knows what reached it.
 */
final class CountingProvider implements AutoCloseable {
    private static final Pattern ORDER = Pattern.compile("use (\\d+) (\\d+) within (\\d+)");
    private static final String MODEL = "gpt-4o-mini";
    private static final int CHUNKS = 5;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong calls = new AtomicLong();
    private final HttpServer server;

    CountingProvider() throws IOException {
        // Else every answer waits for the client's delayed acknowledgement of its head.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        server.setExecutor(threads);
        server.createContext("/v1/chat/completions", this::answer);
        server.start();
    }

    static String prompt(long input, long output, long millis) {
        return "use " + input + " " + output + " within " + millis;
    }

    /** A server's configuration with this as its provider, and with the plans file beside it. */
    String configuration() {
        return """
                providers:
                  openai: { kind: openai, base_url: "http://127.0.0.1:%d", api_key: sk-none }
                apply: [ plans.yaml ]
                """.formatted(server.getAddress().getPort());
    }

    /** Calls that reached it. */
    long calls() {
        return calls.get();
    }

    private record Order(long input, long output, long millis) {
        String usage() {
            return "{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d}"
                    .formatted(input, output, input + output);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            calls.incrementAndGet();
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var matcher = ORDER.matcher(body);
            if (!matcher.find()) {
                exchange.sendResponseHeaders(400, -1);
                return;
            }
            var order = new Order(
                    Long.parseLong(matcher.group(1)),
                    Long.parseLong(matcher.group(2)),
                    Long.parseLong(matcher.group(3)));
            if (body.contains("\"stream\":true")) {
                stream(exchange, order);
            } else {
                plain(exchange, order);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void plain(HttpExchange exchange, Order order) throws IOException, InterruptedException {
        Thread.sleep(order.millis());
        byte[] bytes = """
                {"id":"chatcmpl-1","object":"chat.completion","created":1760000000,"model":"%s","choices":[{"index":0,\
                "message":{"role":"assistant","content":"done"},"finish_reason":"stop"}],"usage":%s}""".formatted(MODEL, order.usage()).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void stream(HttpExchange exchange, Order order) throws IOException, InterruptedException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        for (int i = 0; i < CHUNKS; i++) {
            Thread.sleep(order.millis() / CHUNKS);
            event(exchange, "[{\"index\":0,\"delta\":{\"content\":\" word\"},\"finish_reason\":null}]", "");
        }
        event(exchange, "[]", ",\"usage\":" + order.usage());
        write(exchange, "[DONE]");
    }

    private static void event(HttpExchange exchange, String choices, String more) throws IOException {
        write(exchange, """
                {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1760000000,"model":"%s","choices":%s%s}""".formatted(MODEL, choices, more));
    }

    private static void write(HttpExchange exchange, String data) throws IOException {
        exchange.getResponseBody().write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
