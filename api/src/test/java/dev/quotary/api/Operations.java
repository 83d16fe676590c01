package dev.quotary.api;

import static dev.quotary.catalog.Role.ADMIN;
import static dev.quotary.catalog.Role.PORTAL;
import static dev.quotary.catalog.Role.READ;
import static dev.quotary.catalog.Role.SERVICE;
import static dev.quotary.catalog.Role.SUBJECT;

import dev.quotary.catalog.Role;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every operation of the API that takes a key, with a request that is good for who may make it. It says on its own who that is: what the server
 * thinks is compared with it. A new operation is added here, or {@link IsolationTest} fails.
 */
final class Operations {
    private static final Set<Role> ALL_KEYS = Set.of(ADMIN, SERVICE, SUBJECT, READ);
    private static final Set<Role> USERS = Set.of(ADMIN, SERVICE, SUBJECT);
    private static final Set<Role> OVERSEERS = Set.of(ADMIN, SERVICE, READ);
    private static final Set<Role> BACKENDS = Set.of(ADMIN, SERVICE);
    private static final Set<Role> ADMINS = Set.of(ADMIN);
    private static final Set<Role> VIEWERS = Set.of(ADMIN, SERVICE, SUBJECT, READ, PORTAL);

    /**
     * One operation.
     *
     * @param path as in the contract; what stands in braces names something of an organization
     * @param query without which it is not understood
     * @param body empty for none
     * @param roles whose keys may make it
     * @param server whether only an admin of the whole server may
     */
    record Operation(String method, String path, String query, String body, Set<Role> roles, boolean server) {
        String name() {
            return method + " " + path;
        }

        /** The request's target about things of an organization. */
        String target(Things things) {
            var target = path;
            for (var thing : things.byParameter().entrySet()) {
                target = target.replace("{" + thing.getKey() + "}", thing.getValue());
            }
            return query.isEmpty() ? target : target + "?" + query.replace("SUBJECT", things.subject());
        }

        String body(Things things) {
            return body.replace("SUBJECT", things.subject());
        }
    }

    /** What is the whole server's, or has the same name wherever it is. */
    private static final Map<String, String> EVERYBODYS = Map.of(
            "webhook",
            "billing",
            "limit",
            "generations",
            "plan",
            "free",
            "meter",
            "ai_generation",
            "price",
            "local%2F*",
            "adjustment",
            "local%2F*",
            "unknown",
            "price");

    /** What paths and bodies name. */
    record Things(
            String reservation,
            String event,
            String key,
            String subject,
            String organization,
            String visitor,
            String sync) {
        Map<String, String> byParameter() {
            var named = new HashMap<>(EVERYBODYS);
            named.putAll(Map.of("reservation", reservation, "event", event, "key_id", key, "key", subject));
            named.put("organization", organization);
            named.put("visitor", visitor);
            named.put("sync", sync);
            return named;
        }

        /** An answer in which nothing of these can be told from others. */
        String hidden(String answer) {
            var hidden = answer;
            for (var thing : List.of(reservation, event, key, subject, visitor, sync)) {
                hidden = hidden.replace(thing, "…");
            }
            return hidden;
        }
    }

    static final List<Operation> ALL = List.of(
            usage("POST", "/api/v1/usage/check", "{\"subject\":\"SUBJECT\"}"),
            usage("POST", "/api/v1/usage/reservations", "{\"subject\":\"SUBJECT\",\"quantities\":{\"requests\":1}}"),
            new Operation("GET", "/api/v1/usage/reservations/{reservation}", "", "", ALL_KEYS, false),
            usage("POST", "/api/v1/usage/reservations/{reservation}/commit", "{}"),
            usage("POST", "/api/v1/usage/reservations/{reservation}/release", "{}"),
            usage("POST", "/api/v1/usage/reservations/{reservation}/extend", "{\"ttl_seconds\":90}"),
            usage("POST", "/api/v1/usage/records", "{\"subject\":\"SUBJECT\",\"quantities\":{\"requests\":1}}"),
            usage("POST", "/api/v1/otlp/v1/traces", "{\"resourceSpans\":[]}"),
            look("/api/v1/events", ""),
            new Operation("GET", "/api/v1/meters/{meter}/query", "", "", VIEWERS, false),
            new Operation("POST", "/api/v1/meters/{meter}/query", "", "{}", VIEWERS, false),
            usage(
                    "POST",
                    "/api/v1/events",
                    "{\"specversion\":\"1.0\",\"id\":\"of-SUBJECT\",\"source\":\"s\",\"type\":\"t\",\"subject\":\"SUBJECT\"}"),
            new Operation(
                    "POST",
                    "/api/v1/usage/syncs",
                    "",
                    "{\"records\":[{\"subject\":\"SUBJECT\",\"quantities\":{\"requests\":1}}]}",
                    BACKENDS,
                    false),
            look("/api/v1/usage/syncs", ""),
            look("/api/v1/usage/syncs/{sync}", ""),
            admin("DELETE", "/api/v1/usage/syncs/{sync}", ""),
            new Operation("POST", "/api/v1/usage/syncs/{sync}/resume", "", "{}", BACKENDS, false),
            new Operation(
                    "POST",
                    "/api/v1/usage/estimate",
                    "",
                    "{\"provider\":\"openai\",\"model\":\"gpt-4o-mini\",\"text\":\"hello\"}",
                    ALL_KEYS,
                    false),
            new Operation("GET", "/api/v1/usage/status", "", "", VIEWERS, false),
            new Operation("GET", "/api/v1/usage/events/{event}", "", "", VIEWERS, false),
            new Operation("GET", "/api/v1/usage/stream", "follow=false&subject=SUBJECT", "", VIEWERS, false),
            new Operation(
                    "GET",
                    "/api/v1/usage/export",
                    "from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z&subject=SUBJECT",
                    "",
                    VIEWERS,
                    false),
            new Operation("GET", "/api/v1/usage/forecast", "meter=cost", "", VIEWERS, false),
            look("/api/v1/usage/anomalies", ""),
            look("/api/v1/usage/advice", ""),
            look("/api/v1/admin/reconciliation/estimates", "from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z"),
            new Operation(
                    "POST",
                    "/api/v1/admin/reconciliation/provider",
                    "format=openai-usage",
                    "{\"data\":[]}",
                    ADMINS,
                    false),
            look("/api/v1/admin/stream", "follow=false"),
            new Operation("GET", "/api/v1/usage/events", "", "", VIEWERS, false),
            new Operation("GET", "/api/v1/usage/query", "group_by=subject,feature", "", VIEWERS, false),
            look("/api/v1/admin/summary", ""),
            look("/api/v1/admin/subjects", ""),
            look("/api/v1/admin/subjects/{key}", ""),
            server("POST", "/api/v1/apply", "", "{}"),
            admin("POST", "/api/v1/keys", "{\"role\":\"read\"}"),
            admin("GET", "/api/v1/keys", ""),
            admin("GET", "/api/v1/keys/{key_id}", ""),
            admin("DELETE", "/api/v1/keys/{key_id}", ""),
            admin("POST", "/api/v1/keys/{key_id}/rotate", "{}"),
            new Operation("POST", "/api/v1/portal-tokens", "", "{\"subject\":\"SUBJECT\"}", BACKENDS, false),
            new Operation(
                    "POST", "/api/v1/anonymous-sessions", "", "{\"client_address\":\"203.0.113.7\"}", BACKENDS, false),
            new Operation(
                    "POST",
                    "/api/v1/anonymous-sessions/{visitor}/merge",
                    "",
                    "{\"into\":\"SUBJECT\"}",
                    BACKENDS,
                    false),
            server("PUT", "/api/v1/providers/openai/keys", "", "{\"keys\":[]}"),
            server("GET", "/api/v1/providers/openai/keys", "", ""),
            admin(
                    "POST",
                    "/api/v1/admin/reprice",
                    "{\"from\":\"2026-11-22T00:00:00Z\",\"to\":\"2026-11-23T00:00:00Z\"}"),
            server(
                    "POST",
                    "/api/v1/admin/simulate",
                    "",
                    "{\"organization\":\"acme\",\"from\":\"2026-11-22T00:00:00Z\",\"to\":\"2026-11-23T00:00:00Z\",\"plans\":{}}"),
            server("POST", "/api/v1/admin/verify-counters", "", ""),
            look("/api/v1/organizations", ""),
            look("/api/v1/prices", ""),
            look("/api/v1/prices/model", "provider=openai&model=gpt-4o-mini"),
            server("POST", "/api/v1/prices/import", "format=litellm", "{}"),
            look("/api/v1/plans", ""),
            new Operation("GET", "/api/v1/subjects/{key}", "", "", ALL_KEYS, false),
            admin("POST", "/api/v1/subjects/{key}/reset", "{}"),
            look("/api/v1/subjects/{key}/resets", ""),
            admin("POST", "/api/v1/subjects/{key}/block", "{}"),
            look("/api/v1/organizations/{organization}", ""),
            server("POST", "/api/v1/organizations", "", "{\"key\":\"new\"}"),
            server("PUT", "/api/v1/organizations/{organization}", "", "{}"),
            server("PATCH", "/api/v1/organizations/{organization}", "", "{}"),
            server("DELETE", "/api/v1/organizations/{organization}", "", ""),
            look("/api/v1/organizations/{organization}/overrides", ""),
            look("/api/v1/organizations/{organization}/overrides/{limit}", ""),
            server(
                    "POST",
                    "/api/v1/organizations/{organization}/overrides",
                    "",
                    "{\"limit\":\"generations\",\"max\":1}"),
            server("PUT", "/api/v1/organizations/{organization}/overrides/{limit}", "", "{\"max\":1}"),
            server("DELETE", "/api/v1/organizations/{organization}/overrides/{limit}", "", ""),
            look("/api/v1/organizations/{organization}/webhooks", ""),
            look("/api/v1/organizations/{organization}/webhooks/{webhook}", ""),
            server(
                    "POST",
                    "/api/v1/organizations/{organization}/webhooks",
                    "",
                    "{\"key\":\"new\",\"signature\":\"github\",\"type\":\"t\",\"subject\":\"$.s\"}"),
            server("PUT", "/api/v1/organizations/{organization}/webhooks/{webhook}", "", "{}"),
            server("DELETE", "/api/v1/organizations/{organization}/webhooks/{webhook}", "", ""),
            server("PUT", "/api/v1/organizations/{organization}/webhooks/{webhook}/secrets", "", "{\"secrets\":[]}"),
            look("/api/v1/organizations/{organization}/prices", ""),
            look("/api/v1/organizations/{organization}/prices/{price}", ""),
            server(
                    "POST",
                    "/api/v1/organizations/{organization}/prices",
                    "",
                    "{\"provider\":\"local\",\"model\":\"m\",\"input\":\"1\",\"output\":\"1\"}"),
            server(
                    "PUT",
                    "/api/v1/organizations/{organization}/prices/{price}",
                    "",
                    "{\"provider\":\"local\",\"model\":\"m\",\"input\":\"1\",\"output\":\"1\"}"),
            server("DELETE", "/api/v1/organizations/{organization}/prices/{price}", "", ""),
            look("/api/v1/plans/{plan}", ""),
            server("POST", "/api/v1/plans", "", "{\"key\":\"new\"}"),
            server("PUT", "/api/v1/plans/{plan}", "", "{}"),
            server("PATCH", "/api/v1/plans/{plan}", "", "{}"),
            server("DELETE", "/api/v1/plans/{plan}", "", ""),
            look("/api/v1/meters", ""),
            look("/api/v1/meters/{meter}", ""),
            server("POST", "/api/v1/meters", "", "{\"key\":\"new\",\"aggregation\":\"sum\"}"),
            server("PUT", "/api/v1/meters/{meter}", "", "{\"aggregation\":\"count\"}"),
            server("PATCH", "/api/v1/meters/{meter}", "", "{}"),
            server("DELETE", "/api/v1/meters/{meter}", "", ""),
            hidden("/api/v1/prices/own"),
            hidden("/api/v1/prices/own/{price}"),
            server(
                    "POST",
                    "/api/v1/prices/own",
                    "",
                    "{\"provider\":\"local\",\"model\":\"m\",\"input\":\"1\",\"output\":\"1\"}"),
            server(
                    "PUT",
                    "/api/v1/prices/own/{price}",
                    "",
                    "{\"provider\":\"local\",\"model\":\"*\",\"input\":\"1\",\"output\":\"1\"}"),
            server("PATCH", "/api/v1/prices/own/{price}", "", "{}"),
            server("DELETE", "/api/v1/prices/own/{price}", "", ""),
            hidden("/api/v1/prices/adjustments"),
            hidden("/api/v1/prices/adjustments/{adjustment}"),
            server("POST", "/api/v1/prices/adjustments", "", "{\"markup\":\"5\"}"),
            server("PUT", "/api/v1/prices/adjustments/{adjustment}", "", "{\"provider\":\"local\",\"discount\":\"5\"}"),
            server("PATCH", "/api/v1/prices/adjustments/{adjustment}", "", "{}"),
            server("DELETE", "/api/v1/prices/adjustments/{adjustment}", "", ""),
            hidden("/api/v1/prices/unknown-models"),
            hidden("/api/v1/prices/unknown-models/{unknown}"),
            server("POST", "/api/v1/prices/unknown-models", "", "{\"input\":\"1\",\"output\":\"1\"}"),
            server("PUT", "/api/v1/prices/unknown-models/{unknown}", "", "{\"input\":\"1\",\"output\":\"1\"}"),
            server("PATCH", "/api/v1/prices/unknown-models/{unknown}", "", "{}"),
            server("DELETE", "/api/v1/prices/unknown-models/{unknown}", "", ""),
            look("/api/v1/overrides", ""),
            look("/api/v1/subjects", ""),
            admin("POST", "/api/v1/subjects", "{\"key\":\"SUBJECT\"}"),
            admin("PUT", "/api/v1/subjects/{key}", "{}"),
            admin("PATCH", "/api/v1/subjects/{key}", "{}"),
            admin("DELETE", "/api/v1/subjects/{key}", ""),
            look("/api/v1/subjects/{key}/overrides", ""),
            look("/api/v1/subjects/{key}/overrides/{limit}", ""),
            admin("POST", "/api/v1/subjects/{key}/overrides", "{\"limit\":\"generations\",\"max\":1}"),
            admin("PUT", "/api/v1/subjects/{key}/overrides/{limit}", "{\"max\":1}"),
            admin("DELETE", "/api/v1/subjects/{key}/overrides/{limit}", ""),
            admin("GET", "/api/v1/audit-log", ""),
            admin("POST", "/api/v1/subjects/{key}/unblock", "{}"));

    private Operations() {}

    private static Operation usage(String method, String path, String body) {
        return new Operation(method, path, "", body, USERS, false);
    }

    private static Operation look(String path, String query) {
        return new Operation("GET", path, query, "", OVERSEERS, false);
    }

    /** What its role may see only where it has no organization. */
    private static Operation hidden(String path) {
        return new Operation("GET", path, "", "", OVERSEERS, true);
    }

    private static Operation admin(String method, String path, String body) {
        return new Operation(method, path, "", body, ADMINS, false);
    }

    private static Operation server(String method, String path, String query, String body) {
        return new Operation(method, path, query, body, ADMINS, true);
    }
}
