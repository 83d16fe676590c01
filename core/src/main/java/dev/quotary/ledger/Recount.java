package dev.quotary.ledger;

import dev.quotary.call.OrganizationKey;
import dev.quotary.limit.Counted;
import dev.quotary.time.Window;

/**
 * Asks for the counters of one counted thing in one window: one for every scope value that the events of that window have.
 *
 * <p>Nobody names the scope values, because whoever asks cannot know them: sessions, workflows and subjects that were never declared
 * are known to the events alone.
 *
 * @param window of the organization's calendar
 */
public record Recount(OrganizationKey organization, Counted counted, Window window) {}
