package dev.quotary.call;

import org.jspecify.annotations.Nullable;

/**
 * One use of an API: on whose behalf, and in which context.
 *
 * @param subject who uses; null where a service key acts for its organization alone
 * @param key the API key that was shown; null for a use that came without one, such as an import
 */
public record Call(
        OrganizationKey organization,
        @Nullable SubjectKey subject,
        @Nullable KeyId key,
        Dimensions dimensions) {}
