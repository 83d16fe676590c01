package dev.quotary.ledger;

import dev.quotary.call.OrganizationKey;
import dev.quotary.limit.Counted;
import dev.quotary.time.Window;
import java.time.Instant;
import java.util.Set;

/**
 * Which stored sums the events determine.
 *
 * <p>A use is posted to the counters of the limits that apply to its caller. A sum is that of all events of its window only where those
 * limits apply to everybody whose events could be in it; any other, such as the one that a user left behind by a change of plan, is not
 * moved any more and will be counted anew should a plan count it again.
 */
public interface Coverage {
    /** What the limits of an organization count, its subjects' plans included; without calls in flight, which leave no use. */
    Set<Counted> counted(OrganizationKey organization);

    /** The window of something {@link #counted} at an instant. */
    Window window(OrganizationKey organization, Counted counted, Instant at);

    /** Whether every use of this scope value is posted to the counter of something {@link #counted}. */
    boolean complete(OrganizationKey organization, Counted counted, String scopeValue);
}
