package dev.quotary.api;

/** Stub. */
final class OpenApiCheck {
    static OpenApiCheck ofResource(String name) { return new OpenApiCheck(); }
    void check(String method, String path, int status, String contentType, String body) {}
}
