package dev.quotary.console;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vertx.core.http.HttpMethod.PUT;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.catalog.Actor;
import dev.quotary.catalog.Role;
import dev.quotary.http.Answers;
import dev.quotary.http.Authentication;
import dev.quotary.http.Bodies;
import dev.quotary.http.Documents;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.Principal;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Sessions.Session;
import dev.quotary.http.Value;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Signing in and out, and the operators' password: all that the console has of its own.
 *
 * <p>Wrong passwords are bounded in number ({@link Attempts}) and in how many are tried at a time, as each takes memory and time. Who has an API
 * key signs in with it, however many wrong passwords somebody else has tried.
 */
final class SignIn {
    static final String SESSION = "/console/session";
    static final String PASSWORD = "/console/password";

    private static final int OK = 200;
    private static final int BODY_BYTES_MAX = 8 * 1024;
    private static final int PASSWORDS_AT_ONCE = 2;

    private final Authentication authentication;
    private final Passwords passwords;
    private final InstantSource clock;
    private final Attempts attempts = new Attempts();
    private final Semaphore computing = new Semaphore(PASSWORDS_AT_ONCE);

    SignIn(Authentication authentication, Passwords passwords, InstantSource clock) {
        this.authentication = authentication;
        this.passwords = passwords;
        this.clock = clock;
    }

    static boolean serves(String path) {
        return path.equals(SESSION) || path.equals(PASSWORD);
    }

    void handle(HttpServerRequest request, String path) {
        request.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        refuseOtherSites(request);
        var method = request.method();
        if (path.equals(SESSION) && method.equals(GET)) {
            slow(request, null);
        } else if (path.equals(SESSION) && method.equals(DELETE)) {
            authentication.sessions().close(request);
            Answers.json(request.response(), OK, json -> notSignedIn(json, false));
        } else if ((path.equals(SESSION) && method.equals(POST)) || (path.equals(PASSWORD) && method.equals(PUT))) {
            Bodies.read(request, BODY_BYTES_MAX)
                    .onSuccess(body -> slow(request, body))
                    .onFailure(failure -> Answers.problem(request.response(), Answers.problem(failure)));
        } else {
            request.response().putHeader(HttpHeaders.ALLOW, path.equals(SESSION) ? "DELETE, GET, POST" : "PUT");
            throw new ProblemException(ErrorCode.METHOD_NOT_ALLOWED, "This path does not take " + method + ".");
        }
    }

    /** Another site's page must not sign anybody in, out or over; browsers say where a request comes from. */
    private static void refuseOtherSites(HttpServerRequest request) {
        var site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !request.method().equals(GET)) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Sign in on the console's own page.");
        }
    }

    /** On a thread that may block: the store is asked, and a password takes its time. */
    private void slow(HttpServerRequest request, @Nullable Buffer body) {
        Objects.requireNonNull(Vertx.currentContext(), "requests are handled on an event loop")
                .executeBlocking(() -> answer(request, body), false)
                .onSuccess(answer -> Answers.json(request.response(), OK, answer))
                .onFailure(failure -> Answers.problem(request.response(), Answers.problem(failure)));
    }

    private Answers.Writer answer(HttpServerRequest request, @Nullable Buffer body) {
        if (body == null) {
            return shown(request);
        }
        var value = Documents.json(body.getBytes());
        return PASSWORD.equals(request.path()) ? passwordChanged(request, value) : signedIn(request, value);
    }

    private Answers.Writer shown(HttpServerRequest request) {
        var session = authentication.sessions().of(request, clock.instant());
        var principal = session.flatMap(open -> authentication.sessions().principal(open, clock.instant()));
        return principal.isPresent() ? signedIn(session.orElseThrow(), principal.get()) : notSignedIn(passwords.set());
    }

    private static Answers.Writer notSignedIn(boolean passwordSet) {
        return json -> notSignedIn(json, passwordSet);
    }

    private static void notSignedIn(JsonGenerator json, boolean passwordSet) throws IOException {
        json.writeStartObject();
        json.writeBooleanField("signed_in", false);
        json.writeBooleanField("password_set", passwordSet);
        json.writeEndObject();
    }

    private Answers.Writer signedIn(Session session, Principal principal) {
        boolean passwordSet = passwords.set();
        var key = principal.key();
        return json -> {
            json.writeStartObject();
            json.writeBooleanField("signed_in", true);
            json.writeStringField("role", key.role().key());
            json.writeStringField(
                    "organization",
                    key.organization() == null ? null : key.organization().value());
            json.writeStringField("name", key.name());
            json.writeStringField("csrf", session.csrf());
            json.writeStringField("expires_at", session.expiresAt().toString());
            json.writeBooleanField("password_set", passwordSet);
            json.writeBooleanField("password_changeable", !passwords.given());
            json.writeEndObject();
        };
    }

    private Answers.Writer signedIn(HttpServerRequest request, Value body) {
        var fields = body.fields();
        var password = fields.string("password");
        var secret = fields.string("key");
        fields.done();
        if (password.isPresent() == secret.isPresent()) {
            throw new InvalidInputException("", 0, "expected either a member 'password' or a member 'key'");
        }
        return secret.isPresent() ? byKey(request, secret.get()) : byPassword(request, password.orElseThrow());
    }

    private Answers.Writer byKey(HttpServerRequest request, String secret) {
        var now = clock.instant();
        var principal = authentication
                .holder(secret, now)
                .filter(found -> found.role() == Role.ADMIN || found.role() == Role.READ)
                .orElseThrow(() ->
                        new ProblemException(ErrorCode.UNAUTHENTICATED, "This is no valid key of role admin or read."));
        return signedIn(authentication.sessions().open(request, principal.key(), secret, now), principal);
    }

    private Answers.Writer byPassword(HttpServerRequest request, String password) {
        var address = String.valueOf(
                request.remoteAddress() == null ? "" : request.remoteAddress().hostAddress());
        var wait = attempts.wait(address, clock.instant());
        if (wait.isPositive()) {
            throw tooMany(request, wait);
        }
        if (!opens(request, password)) {
            attempts.wrong(address, clock.instant());
            throw new ProblemException(ErrorCode.UNAUTHENTICATED, "This password is wrong.");
        }
        attempts.right(address);
        var now = clock.instant();
        var session = authentication.sessions().openForOperator(request, now);
        return signedIn(
                session, authentication.sessions().principal(session, now).orElseThrow());
    }

    /** Who finds others trying is told to come back: nobody waits on a thread of the server. */
    private boolean opens(HttpServerRequest request, String password) {
        if (!computing.tryAcquire()) {
            throw tooMany(request, Duration.ofSeconds(1));
        }
        try {
            return passwords.opensWith(password);
        } finally {
            computing.release();
        }
    }

    private static ProblemException tooMany(HttpServerRequest request, Duration wait) {
        request.response().putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(wait.toSeconds() + 1));
        return new ProblemException(
                ErrorCode.RATE_LIMIT_EXCEEDED,
                "Too many attempts to sign in. Wait " + (wait.toSeconds() + 1) + " seconds, or use an API key.");
    }

    private Answers.Writer passwordChanged(HttpServerRequest request, Value body) {
        var principal = authentication.of(request);
        principal.require(Role.ADMIN);
        if (principal.key().organization() != null) {
            throw new ProblemException(
                    ErrorCode.FORBIDDEN, "The console's password is the whole server's: an admin key of it is needed.");
        }
        if (passwords.given()) {
            throw new ProblemException(
                    ErrorCode.IN_USE, "QUOTARY_CONSOLE_PASSWORD sets the password; change it there.");
        }
        var fields = body.fields();
        var text = fields.need("password").string();
        fields.done();
        try {
            passwords.change(text, Actor.of(principal.key()));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("/password", 0, String.valueOf(e.getMessage()));
        }
        Optional<Session> own = authentication.sessions().of(request, clock.instant());
        authentication.sessions().endOthersByPassword(own);
        return json -> {
            json.writeStartObject();
            json.writeBooleanField("password_set", true);
            json.writeEndObject();
        };
    }
}
