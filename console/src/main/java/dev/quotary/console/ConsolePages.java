package dev.quotary.console;

import dev.quotary.http.Answers;
import dev.quotary.http.Authentication;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.ProblemException;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Serves the console below {@code /console}, the portal at {@code /portal} and the script for other pages at {@code /embed/quotary.js}.
 *
 * <p>The files are read when somebody first asks. A page is the same at every address below its own: its scripts read the address. It may load
 * nothing from elsewhere and run no script but the server's files.
 */
public final class ConsolePages implements Handler<HttpServerRequest> {
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;
    private static final int FOUND = 302;
    private static final String CONSOLE = "/console";
    private static final String PORTAL = "/portal";
    private static final String EMBED = "/embed/quotary.js";
    private static final String FILES = "/console/assets/";

    /** Styles may be set by scripts through the DOM, which this does not forbid; inline ones in HTML are not used. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                    + "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
                    + "frame-ancestors 'none'";

    private final SignIn signIn;
    private volatile @Nullable Served served;

    /** What is made of the files once. */
    private record Served(Assets assets, String base, Page console, Page portal) {
        static Served load() {
            var assets = Assets.load();
            var base = FILES + assets.version() + "/";
            return new Served(
                    assets,
                    base,
                    new Page(assets, "console.html", "console.js", base),
                    new Page(assets, "portal.html", "portal.js", base));
        }
    }

    public ConsolePages(Authentication authentication, Passwords passwords, InstantSource clock) {
        this.signIn = new SignIn(authentication, passwords, clock);
    }

    /** Whether a path is one of the pages', or below it. */
    public static boolean serves(@Nullable String path) {
        return path != null
                && (path.equals("/")
                        || below(path, CONSOLE)
                        || below(path, PORTAL)
                        || path.equals(EMBED)
                        || path.equals("/favicon.ico"));
    }

    private static boolean below(String path, String root) {
        return path.startsWith(root) && (path.length() == root.length() || path.charAt(root.length()) == '/');
    }

    @Override
    public void handle(HttpServerRequest request) {
        try {
            var path = Objects.requireNonNull(request.path());
            if (SignIn.serves(path)) {
                signIn.handle(request, path);
                return;
            }
            if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
                request.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
                throw new ProblemException(ErrorCode.METHOD_NOT_ALLOWED, "This path takes GET only.");
            }
            if (path.equals("/")) {
                request.response()
                        .setStatusCode(FOUND)
                        .putHeader(HttpHeaders.LOCATION, CONSOLE)
                        .end();
                return;
            }
            var ready = served;
            if (ready != null) {
                send(request, path, ready);
                return;
            }
            Objects.requireNonNull(Vertx.currentContext(), "requests are handled on an event loop")
                    .executeBlocking(this::load, false)
                    .onSuccess(loaded -> sendOrFail(request, path, loaded))
                    .onFailure(failure -> fail(request, failure));
        } catch (RuntimeException | Error e) {
            fail(request, e);
        }
    }

    private synchronized Served load() {
        var ready = served;
        if (ready == null) {
            ready = Served.load();
            served = ready;
        }
        return ready;
    }

    private static void sendOrFail(HttpServerRequest request, String path, Served files) {
        try {
            send(request, path, files);
        } catch (RuntimeException | Error e) {
            fail(request, e);
        }
    }

    private static void fail(HttpServerRequest request, Throwable failure) {
        Answers.problem(request.response(), Answers.problem(failure));
    }

    private static void send(HttpServerRequest request, String path, Served files) {
        if (path.startsWith(FILES)) {
            file(request, path, files);
        } else if (path.equals(EMBED)) {
            // Any page may load it, as any page may link to an image: it holds no secret.
            request.response().putHeader("access-control-allow-origin", "*");
            request.response().putHeader("cross-origin-resource-policy", "cross-origin");
            revalidated(request, files.assets().need("embed/quotary.js"), files.assets());
        } else if (path.equals("/favicon.ico")) {
            revalidated(request, files.assets().need("favicon.svg"), files.assets());
        } else {
            page(request, below(path, PORTAL) ? files.portal() : files.console());
        }
    }

    private static void page(HttpServerRequest request, Page page) {
        var response = request.response();
        response.putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8");
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        response.putHeader("content-security-policy", POLICY);
        response.putHeader("x-content-type-options", "nosniff");
        response.putHeader("referrer-policy", "no-referrer");
        response.putHeader("cross-origin-opener-policy", "same-origin");
        response.putHeader("permissions-policy", "camera=(), geolocation=(), microphone=()");
        end(request, page.html());
    }

    private static void file(HttpServerRequest request, String path, Served files) {
        if (!path.startsWith(files.base())) {
            // A page of an older version, open while the server was replaced: it is to be loaded anew.
            throw new ProblemException(ErrorCode.NOT_FOUND, "This is no file of the version that runs.");
        }
        var asset = files.assets()
                .find(path.substring(files.base().length()))
                .orElseThrow(() -> new ProblemException(ErrorCode.NOT_FOUND, "There is nothing at this path."));
        request.response().putHeader(HttpHeaders.CACHE_CONTROL, "public, max-age=31536000, immutable");
        content(request, asset);
    }

    private static void revalidated(HttpServerRequest request, Asset asset, Assets assets) {
        var tag = "\"" + assets.version() + "\"";
        request.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-cache").putHeader(HttpHeaders.ETAG, tag);
        if (tag.equals(request.getHeader(HttpHeaders.IF_NONE_MATCH))) {
            request.response().setStatusCode(NOT_MODIFIED).end();
        } else {
            content(request, asset);
        }
    }

    private static void content(HttpServerRequest request, Asset asset) {
        HttpServerResponse response = request.response();
        response.setStatusCode(OK);
        response.putHeader(HttpHeaders.CONTENT_TYPE, asset.type());
        response.putHeader("x-content-type-options", "nosniff");
        response.putHeader(HttpHeaders.VARY, "accept-encoding");
        var accepted = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
        if (asset.compressible() && accepted != null && accepted.contains("gzip")) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
            end(request, asset.gzipped());
        } else {
            end(request, asset.plain());
        }
    }

    private static void end(HttpServerRequest request, Buffer content) {
        if (request.method().equals(HttpMethod.HEAD)) {
            request.response().putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(content.length()));
            request.response().end();
        } else {
            request.response().end(content);
        }
    }
}
