package dev.quotary.api;

import dev.quotary.api.live.Live;
import dev.quotary.api.live.Sight;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Role;
import dev.quotary.http.Authentication;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.Principal;
import dev.quotary.http.ProblemException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/** Streams of what happens, for one subject or for all of an organization. */
final class LiveEndpoints {
    private static final int ID_LENGTH_MAX = 128;

    private final Optional<Live> live;
    private final Authentication authentication;
    private final Consumer<Principal> refusal;
    private final Catalog catalog;
    private final CallReader calls;
    private final InstantSource clock;

    /**
     * Who may read.
     *
     * @param refusal throws what keeps a caller out who is authenticated
     */
    record Door(Authentication authentication, Consumer<Principal> refusal) {}

    /** @param live empty where nothing is streamed */
    LiveEndpoints(Optional<Live> live, Door door, Catalog catalog, CallReader calls, InstantSource clock) {
        this.live = live;
        this.authentication = door.authentication();
        this.refusal = door.refusal();
        this.catalog = catalog;
        this.calls = calls;
        this.clock = clock;
    }

    /** What one subject uses, and how its limits stand. */
    Reply usage(Exchange exchange) {
        var call = calls.queried(exchange);
        var subject = call.subject();
        if (subject == null) {
            throw new InvalidInputException(
                    "", 0, "expected query parameter 'subject'; the whole organization is at /api/v1/admin/stream");
        }
        if (catalog.account(call.organization(), subject, clock.instant()).isEmpty()) {
            throw new ProblemException(ErrorCode.SUBJECT_UNKNOWN, "There is no subject '" + subject + "'.");
        }
        boolean own = exchange.principal().role() == Role.PORTAL;
        return stream(exchange, new Sight(call.organization(), subject, own));
    }

    /** Everything of an organization; of all of them for an admin of the whole server who names none. */
    Reply everything(Exchange exchange) {
        boolean all = exchange.principal().key().organization() == null && calls.namesNoOrganization(exchange);
        var organization = all ? null : calls.organization(exchange);
        return stream(exchange, new Sight(organization, null, false));
    }

    private Reply stream(Exchange exchange, Sight sight) {
        var source = live.orElseThrow(
                () -> new ProblemException(ErrorCode.NOT_FOUND, "This server does not tell what happens."));
        var opening = source.open(sight, lastId(exchange));
        var begun = exchange.principal().keyId();
        return exchange.query("follow").isPresent() && !exchange.flag("follow")
                ? response -> opening.now(sight, response)
                : response -> source.stream(opening, sight, response, () -> {
                    var now = exchange.principalNow(authentication);
                    if (!now.keyId().equals(begun)) {
                        throw new ProblemException(ErrorCode.UNAUTHENTICATED, "This key is another one now.");
                    }
                    refusal.accept(now);
                });
    }

    /** Where the reader was: as browsers say it, or in the query where somebody cannot set headers. */
    private static String lastId(Exchange exchange) {
        var id = exchange.header("Last-Event-ID")
                .or(() -> exchange.query("last_event_id"))
                .orElse("");
        if (id.length() > ID_LENGTH_MAX || !id.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new InvalidInputException("", 0, "expected Last-Event-ID to be the id of an event of this stream");
        }
        return id;
    }
}
