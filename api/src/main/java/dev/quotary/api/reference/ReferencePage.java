package dev.quotary.api.reference;

import dev.quotary.http.Answers;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.ProblemException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/**
 * Serves the API reference and what it is made of, to anybody: it tells nothing but the contract. Requests that a reader tries out go to this
 * server alone; the page may load nothing from elsewhere.
 *
 * <p>Files are read for each request, off the event loop: hardly anybody reads them, and browsers keep them for an hour.
 */
public final class ReferencePage {
    /** Where the page is; what it loads is below. */
    public static final String PATH = "/docs";

    private static final int OK = 200;
    private static final String SWAGGER_UI = "/META-INF/resources/webjars/swagger-ui/" + version() + "/";
    private static final String CSS = "text/css; charset=utf-8";
    private static final String JAVASCRIPT = "text/javascript; charset=utf-8";
    /** Swagger UI sets styles from its script, and has its icons in its style sheet. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
                    + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, Asset> ASSETS = Map.of(
            PATH,
            new Asset("page.html", "text/html; charset=utf-8", "no-cache"),
            PATH + "/page.css",
            new Asset("page.css", CSS, "no-cache"),
            PATH + "/page.js",
            new Asset("page.js", JAVASCRIPT, "no-cache"),
            PATH + "/swagger-ui.css",
            library("swagger-ui.css", CSS),
            PATH + "/swagger-ui-bundle.js",
            library("swagger-ui-bundle.js", JAVASCRIPT));

    /** @param name of a resource, seen from here */
    private record Asset(String name, String type, String caching) {
        Buffer read() {
            try (var in = open(name)) {
                return Buffer.buffer(in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException("reading the resource " + name, e);
            }
        }
    }

    private static Asset library(String name, String type) {
        return new Asset(SWAGGER_UI + name, type, "max-age=3600");
    }

    /** Part of the path of its files. */
    private static String version() {
        try (var in = open("/META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
            var properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", "");
        } catch (IOException e) {
            throw new UncheckedIOException("reading the version of Swagger UI", e);
        }
    }

    private static InputStream open(String resource) {
        var in = ReferencePage.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException("the resource " + resource + " is missing");
        }
        return in;
    }

    /** Whether a path is the page's, or below it. */
    public static boolean serves(String path) {
        return path.startsWith(PATH) && (path.length() == PATH.length() || path.charAt(PATH.length()) == '/');
    }

    /**
     * Answers a request, whose event loop calls this.
     *
     * @param path that it {@link #serves}
     * @throws ProblemException if there is nothing at the path, or it is asked for anything but reading
     */
    public void handle(HttpServerRequest request, String path) {
        var asset = ASSETS.get(path.equals(PATH + "/") ? PATH : path);
        if (asset == null) {
            throw new ProblemException(ErrorCode.NOT_FOUND, "There is nothing at this path.");
        }
        if (!request.method().equals(HttpMethod.GET)) {
            request.response().putHeader(HttpHeaders.ALLOW, "GET");
            throw new ProblemException(ErrorCode.METHOD_NOT_ALLOWED, "This path takes GET only.");
        }
        Objects.requireNonNull(Vertx.currentContext())
                .executeBlocking(asset::read, false)
                .onSuccess(content -> request.response()
                        .setStatusCode(OK)
                        .putHeader(HttpHeaders.CONTENT_TYPE, asset.type())
                        .putHeader(HttpHeaders.CACHE_CONTROL, asset.caching())
                        .putHeader("content-security-policy", POLICY)
                        .putHeader("x-content-type-options", "nosniff")
                        .putHeader("referrer-policy", "no-referrer")
                        .end(content))
                .onFailure(failure -> Answers.problem(request.response(), Answers.problem(failure)));
    }
}
