package dev.quotary.ledger;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import java.time.Instant;

/**
 * That what one subject used counts as another's, as the ledger keeps it: once and for good.
 *
 * @param at when it was moved first
 */
public record Moved(OrganizationKey organization, SubjectKey from, SubjectKey into, Instant at, String by) {}
