package dev.quotary.api;

import io.vertx.core.http.HttpMethod;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds what a path stands for. Paths without parameters, which are the busiest, take one look-up. Immutable once built. */
final class RouteTable {
    private static final String PARAMETER = "{}";

    private final List<Route> routes;
    private final Map<String, Map<HttpMethod, Route>> fixed = new HashMap<>();
    private final List<Template> templates = new ArrayList<>();

    private record Template(List<String> segments, Map<HttpMethod, Route> routes) {}

    /** The operations of a path by their methods, and its parameters, decoded. */
    record Match(Map<HttpMethod, Route> routes, List<String> parameters) {}

    RouteTable(List<Route> routes) {
        this.routes = List.copyOf(routes);
        for (var route : routes) {
            of(route.path()).put(route.method(), route);
        }
    }

    List<Route> routes() {
        return routes;
    }

    private Map<HttpMethod, Route> of(String path) {
        if (!path.contains(PARAMETER)) {
            return fixed.computeIfAbsent(path, _ -> new HashMap<>());
        }
        var segments = List.of(path.split("/", -1));
        for (var template : templates) {
            if (template.segments.equals(segments)) {
                return template.routes;
            }
        }
        var template = new Template(segments, new HashMap<>());
        templates.add(template);
        return template.routes;
    }

    /** Empty if nothing has this path. */
    Optional<Match> find(String path) {
        var routes = fixed.get(path);
        if (routes != null) {
            return Optional.of(new Match(routes, List.of()));
        }
        var segments = List.of(path.split("/", -1));
        for (var template : templates) {
            var parameters = parameters(template.segments, segments);
            if (parameters.isPresent()) {
                return Optional.of(new Match(template.routes, parameters.get()));
            }
        }
        return Optional.empty();
    }

    private static Optional<List<String>> parameters(List<String> template, List<String> segments) {
        if (template.size() != segments.size()) {
            return Optional.empty();
        }
        var parameters = new ArrayList<String>();
        for (int i = 0; i < template.size(); i++) {
            if (template.get(i).equals(PARAMETER)) {
                parameters.add(decoded(segments.get(i)));
            } else if (!template.get(i).equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(parameters);
    }

    /** A plus is a plus in a path; only in forms it is a space. What cannot be decoded names nothing. */
    static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return segment;
        }
    }
}
