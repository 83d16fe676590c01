package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.api.live.LiveOptions;
import dev.quotary.catalog.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams of what happens, over HTTP. */
@Timeout(60)
class LiveTest extends ServerTest {
    private static final String OWN = "/api/v1/usage/stream";
    private static final String ALL = "/api/v1/admin/stream";

    private final List<SseClient> open = new ArrayList<>();

    @AfterEach
    void closeStreams() {
        open.forEach(SseClient::close);
    }

    private SseClient stream(String key, String path, String lastId) {
        var stream = SseClient.open(server.port(), key, path, lastId);
        open.add(stream);
        return stream;
    }

    private SseClient stream(String key, String path) {
        var stream = stream(key, path, "");
        assertThat(stream.next().name()).isEqualTo("open");
        return stream;
    }

    private void record(String id, String subject) {
        assertThat(app.post(
                                RECORDS,
                                "{\"id\":\"" + id + "\",\"subject\":\"" + subject
                                        + "\",\"quantities\":{\"ai_generation\":1}}")
                        .status())
                .isEqualTo(200);
    }

    private String event(String id) {
        return app.post(RECORDS, "{\"id\":\"" + id + "\",\"subject\":\"ada\",\"quantities\":{\"ai_generation\":1}}")
                .at("events/0/id");
    }

    @Test
    void use_is_told_to_the_organization_and_to_its_subject_and_to_nobody_else() {
        // Given
        var everything = stream(server.serviceKey(), ALL);
        var adas = stream(server.key(Role.SUBJECT, "acme", "ada"), OWN);
        var bobs = stream(server.serviceKey(), OWN + "?subject=bob");
        // When
        record("one", "ada");
        record("two", "bob");
        // Then
        var first = everything.next("usage");
        assertThat(first.at("subject")).isEqualTo("ada");
        assertThat(first.at("quantities/ai_generation")).isEqualTo("1");
        assertThat(first.at("cost")).isEqualTo("0");
        assertThat(first.at("outcome")).isEqualTo("success");
        assertThat(everything.next("usage").at("subject")).isEqualTo("bob");
        assertThat(adas.next("usage").at("subject")).isEqualTo("ada");
        assertThat(bobs.next("usage").at("subject")).isEqualTo("bob");
    }

    @Test
    void another_organization_is_told_nothing_and_an_admin_of_the_server_everything() {
        // Given
        admin.post(APPLY, "organizations: [ { key: globex, name: Globex, plan: free } ]");
        var theirs = stream(server.key(Role.READ, "globex", null), ALL);
        var whole = stream(server.adminKey, ALL);
        var acmes = stream(server.adminKey, ALL + "?organization=acme");
        var globex = server.as(server.key(Role.SERVICE, "globex", null));
        // When
        record("one", "ada");
        globex.post(RECORDS, "{\"id\":\"two\",\"subject\":\"gus\",\"quantities\":{\"ai_generation\":1}}");
        record("three", "ada");
        // Then
        assertThat(theirs.next("usage").at("subject")).isEqualTo("gus");
        assertThat(List.of(whole.next("usage"), whole.next("usage"), whole.next("usage")))
                .extracting(event -> event.at("organization"))
                .containsExactly("acme", "globex", "acme");
        assertThat(List.of(acmes.next("usage"), acmes.next("usage")))
                .extracting(event -> event.at("organization"))
                .containsExactly("acme", "acme");
    }

    @Test
    void who_comes_again_is_told_what_it_missed_once_and_in_order() {
        // Given
        var before = stream(server.serviceKey(), OWN + "?subject=ada");
        record("one", "ada");
        var seen = before.next("usage");
        before.close();
        var missed = List.of(event("two"), event("three"));
        // When
        var again = stream(server.serviceKey(), OWN + "?subject=ada", seen.id());
        // Then
        assertThat(again.next().name()).isEqualTo("open");
        var later = event("four");
        assertThat(List.of(again.next("usage"), again.next("usage"), again.next("usage")))
                .extracting(event -> event.at("id"))
                .containsExactly(missed.get(0), missed.get(1), later);
    }

    @Test
    void who_has_heard_nothing_yet_and_comes_again_misses_nothing_either() {
        // Given
        var before = stream(server.serviceKey(), ALL, "");
        var greeted = before.next();
        before.close();
        var missed = event("one");
        // When
        var again = stream(server.serviceKey(), ALL, greeted.id());
        // Then
        assertThat(again.next("usage").at("id")).isEqualTo(missed);
    }

    @Test
    void place_that_is_not_known_is_answered_by_a_reset() {
        // Given
        record("one", "ada");
        // When
        var stream = stream(server.serviceKey(), ALL, "n77");
        // Then
        assertThat(stream.next().name()).isEqualTo("open");
        var reset = stream.next();
        assertThat(reset.name()).isEqualTo("reset");
        assertThat(reset.at("reason")).isEqualTo("unknown_id");
        var told = event("two");
        assertThat(stream.next("usage").at("id")).isEqualTo(told);
    }

    @Test
    void place_in_another_organizations_stream_is_not_known_here() {
        // Given
        admin.post(APPLY, "organizations: [ { key: globex, name: Globex, plan: free } ]");
        var acmes = stream(server.serviceKey(), ALL);
        record("one", "ada");
        var place = acmes.next("usage").id();
        // When
        var theirs = stream(server.key(Role.READ, "globex", null), ALL, place);
        // Then
        assertThat(theirs.next().name()).isEqualTo("open");
        assertThat(theirs.next().name()).isEqualTo("reset");
    }

    @Test
    void refusal_is_told_with_the_limit_that_had_no_room() {
        // Given
        var stream = stream(server.serviceKey(), OWN + "?subject=ada");
        // When
        var refused = reserve("{\"subject\":\"ada\",\"quantities\":{\"ai_generation\":51}}");
        // Then
        assertThat(refused.status()).isEqualTo(402);
        var decision = stream.next("decision");
        assertThat(decision.at("decision")).isEqualTo("denied");
        assertThat(decision.at("status")).isEqualTo("402");
        assertThat(decision.at("asked/quantities/ai_generation")).isEqualTo("51");
        assertThat(decision.at("violations/0/limit")).isEqualTo("generations");
        assertThat(decision.at("violations/0/used")).isEqualTo("0");
    }

    @Test
    void limit_that_changes_its_state_is_told_once_until_it_changes_again() {
        // Given
        var stream = stream(server.serviceKey(), OWN + "?subject=ada");
        // When
        app.post(RECORDS, "{\"id\":\"most\",\"subject\":\"ada\",\"quantities\":{\"ai_generation\":46}}");
        record("again", "ada");
        app.post(RECORDS, "{\"id\":\"rest\",\"subject\":\"ada\",\"quantities\":{\"ai_generation\":3}}");
        // Then
        var warning = stream.next("status");
        assertThat(warning.at("limit/limit")).isEqualTo("generations");
        assertThat(warning.at("limit/state")).isEqualTo("warning");
        assertThat(warning.at("before")).isEqualTo("null");
        var exceeded = stream.next("status");
        assertThat(exceeded.at("limit/state")).isEqualTo("exceeded");
        assertThat(exceeded.at("before")).isEqualTo("warning");
        // When
        admin.post("/api/v1/subjects/ada/reset?organization=acme", "{}");
        // Then
        var fine = stream.next("status");
        assertThat(fine.at("limit/state")).isEqualTo("ok");
        assertThat(fine.at("before")).isEqualTo("exceeded");
    }

    @Test
    void window_that_begins_anew_is_told_without_any_use() {
        // Given
        var stream = stream(server.serviceKey(), OWN + "?subject=ada");
        app.post(RECORDS, "{\"id\":\"all\",\"subject\":\"ada\",\"quantities\":{\"ai_generation\":50}}");
        assertThat(stream.next("status").at("limit/state")).isEqualTo("exceeded");
        // When
        server.clock.advance(Duration.ofDays(31));
        // Then
        assertThat(stream.next("status").at("limit/state")).isEqualTo("ok");
    }

    @Test
    void browser_of_a_subject_is_told_nothing_of_what_others_use() {
        // Given
        admin.post(
                APPLY,
                "plans: [ { key: free, limits: [ { key: all, meter: ai_generation, per: organization, window: month, max: 3 } ] } ]");
        var token = app.post("/api/v1/portal-tokens", "{\"subject\":\"ada\",\"ttl_seconds\":300}")
                .at("token");
        var stream = stream(token, OWN);
        // When
        app.post(RECORDS, "{\"id\":\"bobs\",\"subject\":\"bob\",\"quantities\":{\"ai_generation\":3}}");
        assertThat(reserve("{\"subject\":\"ada\",\"quantities\":{\"ai_generation\":1}}")
                        .status())
                .isEqualTo(402);
        record("adas", "ada");
        // Then
        var told = stream.until("usage");
        assertThat(told).extracting(SseClient.Event::name).containsExactly("decision", "usage");
        assertThat(told.getFirst().at("decision")).isEqualTo("denied");
        assertThat(told.getFirst().at("violations")).isEqualTo("[]");
        assertThat(told.getFirst().at("limits")).isEqualTo("[]");
    }

    @Test
    void stream_ends_with_its_token() {
        // Given
        var token = app.post("/api/v1/portal-tokens", "{\"subject\":\"ada\",\"ttl_seconds\":300}")
                .at("token");
        var stream = stream(token, OWN);
        // When
        server.clock.advance(Duration.ofMinutes(5));
        // Then
        assertThat(stream.next("end").at("code")).isEqualTo("TOKEN_EXPIRED");
        assertThat(stream.next()).isEqualTo(SseClient.Event.CLOSED);
    }

    @Test
    void stream_ends_with_its_key() {
        // Given
        var key = admin.post("/api/v1/keys", "{\"organization\":\"acme\",\"role\":\"read\"}");
        var stream = stream(key.at("secret"), ALL);
        // When
        admin.send("DELETE", "/api/v1/keys/" + key.at("id"), "");
        // Then
        assertThat(stream.next("end").at("code")).isEqualTo("UNAUTHENTICATED");
    }

    @Test
    void stream_without_follow_ends_with_what_there_is() {
        // Given
        var place = stream(server.serviceKey(), ALL, "").next().id();
        var told = event("one");
        // When
        var stream = stream(server.serviceKey(), ALL + "?follow=false&last_event_id=" + place, "");
        // Then
        var all = stream.until("closed");
        assertThat(all).extracting(SseClient.Event::name).containsExactly("open", "usage", "closed");
        assertThat(all.get(1).at("id")).isEqualTo(told);
    }

    @Test
    void whole_organization_is_not_to_be_had_as_a_subject() {
        // When
        var nobody = app.get(OWN + "?follow=false");
        var unknown = server.as(server.adminKey).get(OWN + "?subject=ada&organization=nowhere&follow=false");
        // Then
        assertThat(nobody.status()).isEqualTo(400);
        assertThat(unknown.status()).isEqualTo(404);
    }

    @Test
    void silence_is_filled_with_heartbeats() {
        // Given
        restart(options(100, 1 << 20, 8));
        // When
        var stream = stream(server.serviceKey(), ALL);
        // Then
        assertThat(stream.next().name()).isEqualTo("heartbeat");
    }

    @Test
    void more_streams_than_a_subject_may_have_are_refused() {
        // Given
        restart(options(100, 1 << 20, 2));
        stream(server.serviceKey(), OWN + "?subject=ada");
        stream(server.serviceKey(), OWN + "?subject=ada");
        // When
        var third = app.get(OWN + "?subject=ada");
        // Then
        assertThat(third.status()).isEqualTo(429);
        assertThat(third.at("code")).isEqualTo("TOO_MANY_STREAMS");
        assertThat(server.live.streams()).isEqualTo(2);
        stream(server.serviceKey(), OWN + "?subject=bob");
    }

    @Test
    void reader_that_does_not_read_is_dropped_and_keeps_nobody_up() throws IOException {
        // Given
        restart(options(200, 64 * 1024, 8));
        try (var silent = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            silent.setReceiveBufferSize(4096);
            silent.getOutputStream()
                    .write(("GET " + ALL + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + server.serviceKey()
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var reading = stream(server.serviceKey(), ALL);
            while (server.live.streams() < 2) {
                Thread.onSpinWait();
            }
            // When
            int told = 0;
            while (server.live.streams() == 2) {
                record("e-" + told, "ada");
                told++;
                assertThat(told).as("events until the silent reader is dropped").isLessThan(40_000);
                // Then
                assertThat(reading.next("usage").at("subject")).isEqualTo("ada");
            }
        }
    }

    private static LiveOptions options(int items, long bytes, int perSubject) {
        return new LiveOptions(items, bytes, 100, 50, perSubject, Duration.ofMillis(1));
    }

    private void restart(LiveOptions options) {
        server.close();
        server = ApiServer.in(directory, options);
        admin = server.admin();
        app = server.service();
    }
}
