package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.e2e.RawClient.Ask;
import dev.quotary.e2e.RawHttp.Header;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keys, prompts and answers stay where they belong: never in a log, an error, an address or the data directory. */
@Timeout(120)
class SecretsIT {
    private static final String PROMPT = "prompt-7f3a9b";
    private static final String COMPLETION = "completion-4c8e21";
    private static final String BODY = Chat.CAPPED.replace("Hi", PROMPT);
    private static final String STREAMED = Chat.STREAMED.replace("Hi", PROMPT);

    @TempDir
    private Path folder;

    @Test
    void nothing_secret_is_logged_told_or_stored() throws IOException {
        // Given
        var told = new StringBuilder();
        String serviceKey;
        String log;
        try (var provider =
                CannedProvider.start(CannedProvider.json(Chat.answer(9, 2).replace("Hello.", COMPLETION)))) {
            var setup = PackagedServer.in(folder, provider.baseUrl());
            try (var server = setup.serve()) {
                serviceKey = setup.serviceKey(server);
                // When
                for (var ask : calls(serviceKey)) {
                    told.append(errors(server.port(), ask));
                }
                for (var failure : failures()) {
                    provider.answers(failure);
                    told.append(errors(server.port(), chat(serviceKey, BODY)));
                    told.append(errors(server.port(), chat(serviceKey, STREAMED)));
                }
                provider.vanish();
                told.append(errors(server.port(), chat(serviceKey, BODY)));
                var ended = server.terminate().ended();
                log = ended.out() + ended.err();
                for (int i = 0; i < provider.calls(); i++) {
                    assertThat(provider.taken().start()).isEqualTo("POST /v1/chat/completions HTTP/1.1");
                }
            }
        }
        // Then
        assertThat(log).contains("quotary on ");
        for (var secret : List.of(TestServer.PROVIDER_KEY, serviceKey, PackagedServer.ADMIN_KEY, PROMPT, COMPLETION)) {
            assertThat(log).as("log").doesNotContain(secret);
            assertThat(told.toString()).as("errors").doesNotContain(secret);
            assertThat(filesWith(secret)).as("files with " + secret).isEmpty();
        }
    }

    /** Calls that pass, and calls that are wrong in every way. */
    private static List<Ask> calls(String key) {
        var calls = new ArrayList<Ask>();
        calls.add(chat(key, BODY));
        calls.add(chat(key, BODY.substring(0, BODY.length() - 3)));
        calls.add(chat(key, BODY.replace("messages", PROMPT)));
        calls.add(chat(key, BODY.replace("\"Hi\"", "7")));
        calls.add(chat(key + "x", BODY));
        calls.add(Ask.post("/v1/realtime", BODY).key(key));
        calls.add(Ask.post("/v1/chat/completions?key=" + key, BODY));
        calls.add(chat(key, BODY).with("X-Quotary-Metadata", PROMPT));
        calls.add(chat(key, BODY).with("Content-Encoding", "gzip"));
        calls.add(
                Ask.post("/api/v1/usage/reservations", "{\"" + PROMPT + "\":1}").key(key + "x"));
        calls.add(Ask.post(
                        "/api/v1/usage/records",
                        "{\"provider_response\":" + Chat.answerWithoutUsage().replace("Hello.", COMPLETION) + "}")
                .key(key));
        return calls;
    }

    private static List<CannedProvider.Answer> failures() {
        byte[] echo = "{\"error\":{\"message\":\"Incorrect API key provided\",\"type\":\"x\",\"code\":null}}"
                .getBytes(StandardCharsets.UTF_8);
        return List.of(
                CannedProvider.whole(401, List.of(new Header("content-type", "application/json")), echo),
                (_, to) -> to.reset(),
                (_, to) -> {
                    to.begin(200, Chat.EVENT_STREAM);
                    to.piece(Chat.bytes(Chat.chunk(COMPLETION)));
                    to.reset();
                },
                (_, to) -> to.whole(200, List.of(), COMPLETION.getBytes(StandardCharsets.UTF_8)));
    }

    private static Ask chat(String key, String body) {
        return Ask.post("/v1/chat/completions", body).key(key);
    }

    /** What a call that was refused was told; what a call that passed was answered is its own. */
    private static String errors(int port, Ask ask) {
        var answer = RawClient.exchange(port, ask);
        return answer.status() == 200 ? "" : answer.headers() + answer.text() + "\n";
    }

    private List<Path> filesWith(String secret) throws IOException {
        var found = new ArrayList<Path>();
        try (var files = Files.walk(folder.resolve("data"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(secret)) {
                    found.add(file);
                }
            }
        }
        return found;
    }
}
