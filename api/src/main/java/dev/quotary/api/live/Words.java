package dev.quotary.api.live;

import dev.quotary.call.Call;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.usage.Decision;
import dev.quotary.usage.LimitState;
import dev.quotary.usage.LimitStatus;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Words what streams tell, each as one JSON object in one line. */
public interface Words {
    byte[] usage(UsageEvent event);

    /** @param own whether limits that others use as well are left out */
    byte[] decision(Call call, Decision decision, boolean own);

    byte[] status(Change change);

    /**
     * A limit whose state is another now.
     *
     * @param subject whose limit it is; null for one of the organization as a whole
     * @param before empty where it is not known
     */
    record Change(
            OrganizationKey organization,
            @Nullable SubjectKey subject,
            Optional<LimitState> before,
            LimitStatus status) {}
}
