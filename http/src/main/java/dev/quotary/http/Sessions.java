package dev.quotary.http;

import dev.quotary.call.KeyId;
import dev.quotary.catalog.ApiKey;
import dev.quotary.catalog.Role;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of people who have signed in with a browser. A session stands for an API key, or for the whole server's operator who knows the
 * password; it may do what that one may, and ends with it. In memory only: who was signed in before a restart signs in again. Safe for many
 * threads.
 *
 * <p>The browser keeps a cookie that scripts cannot read and other sites cannot send. What changes anything must also show the session's second
 * secret in a header, which only a page of this server has.
 */
public final class Sessions {
    /** Where the second secret is shown. */
    public static final String CSRF_HEADER = "X-Quotary-Csrf";

    private static final String COOKIE = "quotary_session";
    private static final int SECRET_BYTES = 32;
    private static final int SESSIONS_MAX = 1_000;
    private static final Duration IDLE_MAX = Duration.ofHours(12);
    private static final Duration AGE_MAX = Duration.ofDays(7);

    private final KeyRing keys;
    private final RandomGenerator random;
    private final boolean secure;
    private final Map<String, Session> byHash = new ConcurrentHashMap<>();

    /** Somebody who is signed in. */
    public static final class Session {
        private final Opener opener;
        private final String csrf;
        private final Instant began;
        private volatile Instant seen;

        private Session(Opener opener, String csrf, Instant began) {
            this.opener = opener;
            this.csrf = csrf;
            this.began = began;
            this.seen = began;
        }

        /** The second secret, for the page that the session belongs to. */
        public String csrf() {
            return csrf;
        }

        public Instant expiresAt() {
            var idle = seen.plus(IDLE_MAX);
            var age = began.plus(AGE_MAX);
            return idle.isBefore(age) ? idle : age;
        }

        /** Whether it was opened by the password. */
        public boolean byPassword() {
            return opener instanceof Opener.Operator;
        }
    }

    /** What a session was opened with. */
    private sealed interface Opener {
        /** The secret of a key: the session ends when that secret opens nothing any more. */
        record Key(KeyId id, String hash) implements Opener {}

        record Operator(ApiKey standIn) implements Opener {}
    }

    /**
     * @param random unpredictable in production: secrets come from it
     * @param secure whether browsers reach the server by HTTPS, so that the cookie is sent by nothing else
     */
    public Sessions(KeyRing keys, RandomGenerator random, boolean secure) {
        this.keys = keys;
        this.random = random;
        this.secure = secure;
    }

    /** Signs in whoever knows the secret of this key. */
    public Session open(HttpServerRequest request, ApiKey key, String secret, Instant now) {
        return open(request, new Opener.Key(key.id(), KeyRing.hash(secret)), now);
    }

    /** Signs in the operator of the whole server, who knows the password. */
    public Session openForOperator(HttpServerRequest request, Instant now) {
        var standIn =
                new ApiKey(KeyRing.OPERATOR, "", "", "console", Role.ADMIN, null, null, now, null, List.of(), null);
        return open(request, new Opener.Operator(standIn), now);
    }

    private Session open(HttpServerRequest request, Opener opener, Instant now) {
        makeRoom(now);
        var secret = secret();
        var session = new Session(opener, secret(), now);
        byHash.put(KeyRing.hash(secret), session);
        var cookie = cookie(secret);
        cookie.setMaxAge(AGE_MAX.toSeconds());
        request.response().addCookie(cookie);
        return session;
    }

    private Cookie cookie(String value) {
        return Cookie.cookie(COOKIE, value)
                .setPath("/")
                .setHttpOnly(true)
                .setSecure(secure)
                .setSameSite(CookieSameSite.STRICT);
    }

    private String secret() {
        byte[] bits = new byte[SECRET_BYTES];
        random.nextBytes(bits);
        return HexFormat.of().formatHex(bits);
    }

    /** Forgets what has ended; where that is not enough, whoever has been away longest. */
    private void makeRoom(Instant now) {
        if (byHash.size() < SESSIONS_MAX) {
            return;
        }
        byHash.values().removeIf(session -> !now.isBefore(session.expiresAt()));
        while (byHash.size() >= SESSIONS_MAX) {
            var oldest = byHash.entrySet().stream()
                    .min(Comparator.comparing(entry -> entry.getValue().seen))
                    .orElseThrow();
            byHash.remove(oldest.getKey());
        }
    }

    /** The session that a request shows, whatever it wants to do; empty for none that is still good. */
    public Optional<Session> of(HttpServerRequest request, Instant now) {
        var cookie = request.getCookie(COOKIE);
        if (cookie == null || cookie.getValue().length() != 2 * SECRET_BYTES) {
            return Optional.empty();
        }
        var hash = KeyRing.hash(cookie.getValue());
        var session = byHash.get(hash);
        if (session == null) {
            return Optional.empty();
        }
        if (!now.isBefore(session.expiresAt()) || holder(session, now) == null) {
            byHash.remove(hash);
            return Optional.empty();
        }
        session.seen = now;
        return Optional.of(session);
    }

    /** Who is signed in; a session that {@link #of} has just found stands for somebody. */
    public Optional<Principal> principal(Session session, Instant now) {
        return Optional.ofNullable(holder(session, now)).map(Principal::new);
    }

    private @Nullable ApiKey holder(Session session, Instant now) {
        return switch (session.opener) {
            case Opener.Operator(var standIn) -> standIn;
            case Opener.Key(var id, var hash) ->
                keys.key(id).filter(key -> key.opensBy(hash, now)).orElse(null);
        };
    }

    /**
     * Whoever a request acts for by its session; empty if it shows none.
     *
     * @throws ProblemException with status 403 if it would change something and does not show the second secret
     */
    Optional<Principal> principal(HttpServerRequest request, Instant now) {
        var session = of(request, now);
        session.filter(_ -> changes(request.method())).ifPresent(open -> protect(request, open));
        return session.flatMap(open -> principal(open, now));
    }

    private static boolean changes(HttpMethod method) {
        return !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD);
    }

    private static void protect(HttpServerRequest request, Session session) {
        var shown = request.getHeader(CSRF_HEADER);
        if (shown == null || !MessageDigest.isEqual(bytes(shown), bytes(session.csrf()))) {
            throw new ProblemException(
                    ErrorCode.FORBIDDEN,
                    "A session changes things only with its own secret in the header " + CSRF_HEADER + ".");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Signs out. */
    public void close(HttpServerRequest request) {
        var cookie = request.getCookie(COOKIE);
        if (cookie != null) {
            byHash.remove(KeyRing.hash(cookie.getValue()));
            request.response().addCookie(cookie("").setMaxAge(0));
        }
    }

    /** Ends every session that was opened by the password but this one, as the password has changed. */
    public void endOthersByPassword(Optional<Session> but) {
        byHash.values()
                .removeIf(session ->
                        session.byPassword() && but.filter(session::equals).isEmpty());
    }

    /** How many people are signed in, those included who never said good-bye. */
    public int size() {
        return byHash.size();
    }
}
