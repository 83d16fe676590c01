package dev.quotary.api;

import dev.quotary.api.declare.Declaring;
import dev.quotary.api.declare.Item;
import dev.quotary.api.declare.Kind;
import dev.quotary.api.key.Secret;
import dev.quotary.api.webhook.NotSignedException;
import dev.quotary.api.webhook.Webhook;
import dev.quotary.api.webhook.WebhookReader;
import dev.quotary.api.webhook.WebhookSecrets;
import dev.quotary.call.OrganizationKey;
import dev.quotary.http.Answers;
import dev.quotary.http.Bodies;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Value;
import dev.quotary.usage.Settlements;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Takes calls of other systems as usage, and sets what they are signed with.
 *
 * <p>A call shows no API key: its signature says who it is of. Whether an organization, a webhook or its secret is missing, or the signature is
 * wrong, the answer is the same.
 */
final class WebhookEndpoint {
    static final String PATH = "/api/v1/webhooks/";
    private static final int BODY_BYTES_MAX = 256 * 1024;
    /** Calls of which a body is held in memory, as anybody may send one. */
    private static final int RUNNING_MAX = 256;

    private final Declaring declaring;
    private final WebhookSecrets secrets;
    private final EventReading events;
    private final Settlements settlements;
    private final Runs runs;
    private final Semaphore running = new Semaphore(RUNNING_MAX);

    /** What it runs on. */
    record Runs(Executor blocking, InstantSource clock) {}

    WebhookEndpoint(
            Declaring declaring, WebhookSecrets secrets, EventReading events, Settlements settlements, Runs runs) {
        this.declaring = declaring;
        this.secrets = secrets;
        this.events = events;
        this.settlements = settlements;
        this.runs = runs;
    }

    /** A call, on the event loop that it came in on. */
    void handle(HttpServerRequest request, String path) {
        if (!request.method().equals(HttpMethod.POST)) {
            request.response().putHeader(HttpHeaders.ALLOW, "POST");
            throw new ProblemException(
                    ErrorCode.METHOD_NOT_ALLOWED, "This path does not take " + request.method() + ".");
        }
        var whose = whose(path);
        if (!running.tryAcquire()) {
            request.resume();
            throw new ProblemException(ErrorCode.RATE_LIMIT_EXCEEDED, "Too many calls at once; repeat it later.");
        }
        var context = Objects.requireNonNull(Vertx.currentContext(), "requests are handled on an event loop");
        Bodies.read(request, BODY_BYTES_MAX)
                .onSuccess(body -> runs.blocking()
                        .execute(() -> begin(whose, request, body.getBytes())
                                .whenComplete(
                                        (reply, failure) -> context.runOnContext(_ -> end(request, reply, failure)))))
                .onFailure(failure -> end(request, null, failure));
    }

    private void end(HttpServerRequest request, @Nullable Reply reply, @Nullable Throwable failure) {
        running.release();
        if (reply != null) {
            reply.send(request.response());
        } else if (failure != null) {
            Answers.problem(request.response(), Answers.problem(failure));
        }
    }

    /** The organization and the webhook that a path names. */
    private static WebhookSecrets.Whose whose(String path) {
        var segments = path.substring(PATH.length()).split("/", -1);
        if (segments.length != 2) {
            throw new ProblemException(ErrorCode.NOT_FOUND, "There is nothing at this path.");
        }
        try {
            return new WebhookSecrets.Whose(
                    new OrganizationKey(RouteTable.decoded(segments[0])), RouteTable.decoded(segments[1]));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ErrorCode.NOT_FOUND, "There is nothing at this path.");
        }
    }

    private CompletionStage<Reply> begin(WebhookSecrets.Whose whose, HttpServerRequest request, byte[] body) {
        try {
            var delivery = new Webhook.Delivery(
                    name -> Optional.ofNullable(request.getHeader(name)),
                    body,
                    runs.clock().instant());
            var event = find(whose).orElseThrow(Webhook::unsigned).event(delivery, secrets.of(whose));
            return event.isEmpty()
                    ? CompletableFuture.completedStage(CloudEventEndpoint.done())
                    : record(whose.organization(), event.get());
        } catch (NotSignedException e) {
            return CompletableFuture.failedStage(
                    new ProblemException(ErrorCode.SIGNATURE_INVALID, "Not taken: " + e.getMessage() + "."));
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private CompletionStage<Reply> record(OrganizationKey organization, Value event) {
        var read = events.read(new EventReading.Reporter(organization, null, null), List.of(event));
        return settlements.record(read).thenApply(answers -> CloudEventEndpoint.reply(read, answers));
    }

    private Optional<Webhook> find(WebhookSecrets.Whose whose) {
        var name = new Item.Name(Kind.ORGANIZATION, "", whose.organization().value());
        return declaring.find(name).stream()
                .flatMap(item -> WebhookReader.all(item.value().fields().items("webhooks")).stream())
                .filter(webhook -> webhook.key().equals(whose.webhook()))
                .findFirst();
    }

    /** Replaces the secrets of a webhook. */
    Reply setSecrets(Exchange exchange) {
        ServerThing.ofServer(exchange, "webhooks");
        var whose = new WebhookSecrets.Whose(new OrganizationKey(exchange.parameter(0)), exchange.parameter(1));
        var webhook = find(whose)
                .orElseThrow(() -> new ProblemException(
                        ErrorCode.NOT_FOUND, "There is no webhook '" + whose.webhook() + "' of this organization."));
        var body = exchange.json();
        var fields = body.fields();
        var given = fields.need("secrets");
        var texts = given.items().stream().map(WebhookEndpoint::secret).toList();
        fields.done();
        given.checked(() -> {
            secrets.set(whose, webhook.scheme(), texts, exchange.actor());
            return whose;
        });
        return CloudEventEndpoint.done();
    }

    /** Unlike other wrong values, one that stands where a secret belongs is not quoted. */
    private static Secret secret(Value item) {
        if (!item.isText()) {
            throw item.wrong("expected a secret as text");
        }
        return new Secret(item.string());
    }
}
