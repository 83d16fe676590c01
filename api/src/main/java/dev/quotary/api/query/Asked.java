package dev.quotary.api.query;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Who asks about whose use, and when.
 *
 * @param zone of the organization
 * @param own the one subject whose use the caller may know; null for all of the organization
 */
public record Asked(
        OrganizationKey organization, ZoneId zone, @Nullable SubjectKey own, Instant now) {}
