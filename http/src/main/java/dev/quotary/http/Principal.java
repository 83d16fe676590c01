package dev.quotary.http;

import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.ApiKey;
import dev.quotary.catalog.Role;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who is calling: the API key that was shown, or what a token stands for in the form of a key. */
public record Principal(ApiKey key) {

    public Role role() {
        return key.role();
    }

    public KeyId keyId() {
        return key.id();
    }

    /** Whether it may do what any of these roles may. */
    public void require(Role... roles) {
        for (var role : roles) {
            if (key.role() == role) {
                return;
            }
        }
        throw new ProblemException(
                ErrorCode.FORBIDDEN, "A key of role " + key.role().key() + " may not do this.");
    }

    /**
     * The organization that this caller acts in.
     *
     * @param named the one that the request names; needed from an admin of the whole server, else it must be the caller's own
     */
    public OrganizationKey organization(Optional<OrganizationKey> named) {
        var own = key.organization();
        if (own == null) {
            return named.orElseThrow(() -> new ProblemException(
                    ErrorCode.INVALID_REQUEST, "An admin of the whole server must name the organization."));
        }
        if (named.isPresent() && !named.get().equals(own)) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "This key belongs to another organization.");
        }
        return own;
    }

    /**
     * The subject that this caller acts for.
     *
     * @param named the one that the request names; a subject's own key may name none but itself
     */
    public @Nullable SubjectKey subject(Optional<SubjectKey> named) {
        if (key.subject() == null) {
            return named.orElse(null);
        }
        if (named.isPresent() && !named.get().equals(key.subject())) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "This key acts for its own subject only.");
        }
        return key.subject();
    }
}
