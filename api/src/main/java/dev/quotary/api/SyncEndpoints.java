package dev.quotary.api;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.api.Endpoint.Blocking;
import dev.quotary.call.Ids;
import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.AuditEntry;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.catalog.Role;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.Fingerprint;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Times;
import dev.quotary.sync.Batch;
import dev.quotary.sync.Failure;
import dev.quotary.sync.Sync;
import dev.quotary.sync.SyncState;
import dev.quotary.sync.SyncState.Kind;
import dev.quotary.sync.Syncs;
import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Batches of records that are accepted at once and recorded afterwards: accept, ask, list, resume, give up. */
final class SyncEndpoints {
    private static final String LIST = "syncs";
    private static final Set<Role> BACKENDS = Set.of(Role.ADMIN, Role.SERVICE);
    private static final Set<Role> OVERSEERS = Set.of(Role.ADMIN, Role.SERVICE, Role.READ);

    private final SyncRecorder recorder;
    private final Syncs syncs;
    private final CallReader calls;
    private final Noting noting;
    private final Ids ids;
    private final InstantSource clock;

    SyncEndpoints(SyncRecorder recorder, CallReader calls, Noting noting, Ids ids, InstantSource clock) {
        this.recorder = recorder;
        this.syncs = recorder.syncs();
        this.calls = calls;
        this.noting = noting;
        this.ids = ids;
        this.clock = clock;
    }

    List<Route> routes(ApiOptions options) {
        var path = "/api/v1/usage/syncs";
        var one = path + "/{}";
        return List.of(
                new Route(POST, path, options.recordsBytesMax(), new Blocking(this::accept), BACKENDS),
                new Route(GET, path, 0, new Blocking(this::list), OVERSEERS),
                new Route(GET, one, 0, new Blocking(this::show), OVERSEERS),
                new Route(DELETE, one, 0, new Blocking(this::giveUp), Set.of(Role.ADMIN)),
                new Route(POST, one + "/resume", options.bodyBytesMax(), new Blocking(this::resume), BACKENDS));
    }

    Reply accept(Exchange exchange) {
        var fields = exchange.json().fields();
        var organization =
                calls.organization(exchange, fields.find("organization").orElse(null));
        var id = CallReader.name(exchange, fields.find("id").orElse(null))
                .orElseGet(() -> "sync_" + ids.next().event());
        var records = fields.need("records");
        fields.done();
        if (!records.isList()) {
            throw records.wrong("expected a list of records");
        }
        // As the store keeps it, so that the first attempt sees the same time as any later one.
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var sender = exchange.principal().keyId();
        // What can be seen to be wrong now is refused now: nobody would hear of it later.
        var events = recorder.read(organization, id, sender, now, records);
        long fingerprint = Fingerprint.of(records.canonical().json());
        var batch = new Batch(sender, events.size(), fingerprint, now);
        var kept = syncs.accept(Sync.accepted(organization, id, batch), records.json())
                .orElseThrow(() -> new ProblemException(
                        ErrorCode.TOO_MANY_SYNCS,
                        "This organization has " + Syncs.OPEN_MAX + " batches that are pending or parked."));
        if (kept.batch().fingerprint() != fingerprint) {
            throw new ProblemException(
                    ErrorCode.IDEMPOTENCY_MISMATCH, "A batch of this id was accepted before, with other content.");
        }
        recorder.somethingToDo();
        return Reply.json(Reply.ACCEPTED, json -> write(json, kept));
    }

    Reply show(Exchange exchange) {
        var sync = named(exchange);
        return Reply.json(Reply.OK, json -> write(json, sync));
    }

    Reply list(Exchange exchange) {
        var organization = calls.organization(exchange);
        int limit = Cursors.limit(exchange);
        var page = syncs.list(
                organization, kind(exchange), Cursors.place(exchange, LIST).orElse(""), limit);
        return Reply.json(Reply.OK, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("syncs");
            for (var sync : page) {
                write(json, sync);
            }
            json.writeEndArray();
            EventJson.text(
                    json,
                    "next_cursor",
                    page.size() == limit ? Cursors.cursor(LIST, page.getLast().id()) : null);
            json.writeEndObject();
        });
    }

    private static Optional<Kind> kind(Exchange exchange) {
        return exchange.query("state")
                .map(text -> Arrays.stream(Kind.values())
                        .filter(kind -> kind.key().equals(text))
                        .findFirst()
                        .orElseThrow(() -> InvalidInputException.inQuery(
                                "state", "expected pending, parked or done, was '" + text + "'")));
    }

    /** Of one that is not parked there is nothing to resume, and nothing is changed. */
    Reply resume(Exchange exchange) {
        var sync = named(exchange);
        if (sync.state() instanceof SyncState.Parked parked) {
            // If somebody else was faster, it goes on as he wanted it to.
            syncs.move(sync, parked.resumed(clock.instant()));
            recorder.somethingToDo();
            return show(exchange);
        }
        return Reply.json(Reply.OK, json -> write(json, sync));
    }

    /** Gives up what was accepted: for an operator, who answers for it. */
    Reply giveUp(Exchange exchange) {
        var sync = named(exchange);
        if (!(sync.state() instanceof SyncState.Parked) || !syncs.remove(sync)) {
            throw new ProblemException(ErrorCode.SYNC_NOT_PARKED, "This batch is not parked. Nothing was changed.");
        }
        noting.done(
                exchange,
                new CatalogStore.Name("sync", sync.organization().value(), sync.id()),
                AuditEntry.Action.DELETED,
                json -> write(json, sync));
        return response -> response.setStatusCode(Reply.NO_CONTENT).end();
    }

    private Sync named(Exchange exchange) {
        OrganizationKey organization = calls.organization(exchange);
        return syncs.find(organization, exchange.parameter(0))
                .orElseThrow(() ->
                        new ProblemException(ErrorCode.NOT_FOUND, "There is no such batch, or it was done long ago."));
    }

    private static void write(JsonGenerator json, Sync sync) throws IOException {
        var batch = sync.batch();
        json.writeStartObject();
        json.writeStringField("id", sync.id());
        json.writeStringField("organization", sync.organization().value());
        json.writeStringField("state", sync.state().kind().key());
        json.writeNumberField("records", batch.records());
        json.writeStringField("accepted_at", Times.text(batch.acceptedAt()));
        switch (sync.state()) {
            case SyncState.Pending pending -> {
                json.writeNumberField("attempts", pending.attempts());
                json.writeStringField("next_attempt_at", Times.text(pending.dueAt()));
                failure(json, pending.last());
            }
            case SyncState.Parked parked -> {
                json.writeNumberField("attempts", parked.attempts());
                json.writeStringField("parked_at", Times.text(parked.at()));
                failure(json, parked.why());
            }
            case SyncState.Done done -> {
                json.writeNumberField("attempts", done.attempts());
                json.writeStringField("done_at", Times.text(done.at()));
                json.writeNumberField("recorded", done.recorded());
                json.writeNumberField("duplicates", done.duplicates());
            }
        }
        json.writeEndObject();
    }

    private static void failure(JsonGenerator json, @Nullable Failure why) throws IOException {
        if (why == null) {
            json.writeNullField("failure");
            return;
        }
        json.writeObjectFieldStart("failure");
        json.writeStringField("code", why.code());
        json.writeStringField("detail", why.detail());
        json.writeStringField("at", Times.text(why.at()));
        json.writeEndObject();
    }
}
