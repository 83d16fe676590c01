package dev.quotary.sql;

import dev.quotary.ledger.Follower;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transaction that may have taken effect: its commit was asked for and not confirmed.
 *
 * <p>Its callers know no more than that, and repeat with the same ids. But what the {@link Follower} keeps would lag behind the ledger, as
 * a repeat is a duplicate that it is not told of. So whether the events are there is looked up, and the follower is told then.
 *
 * <p>A follower that decides in memory needs to be the only one, so that nobody else can have recorded these events meanwhile; with
 * several processes on one database the decisions are made in the database, and nothing depends on being told.
 */
record Doubt(List<Work> works) {
    static final Doubt NONE = new Doubt(List.of());
    private static final Logger LOG = LoggerFactory.getLogger(Doubt.class);

    static Doubt about(List<Work> works) {
        return new Doubt(List.copyOf(works));
    }

    boolean resolved() {
        return works.isEmpty();
    }

    /** @param session a new one, without auto-commit; what the old one was doing has ended when this returns */
    void resolve(Session session) throws SQLException {
        var proof = works.stream().flatMap(work -> work.proof().stream()).findFirst();
        if (proof.isEmpty()) {
            return;
        }
        var event = proof.get();
        session.dialect().awaitOthers(session, event.organization());
        boolean committed =
                Events.find(session, event.organization(), event.id()).isPresent();
        session.connection().rollback();
        LOG.atWarn().addKeyValue("took_effect", committed).log("A transaction in doubt was looked up");
        if (committed) {
            works.forEach(Work::durable);
        }
    }
}
