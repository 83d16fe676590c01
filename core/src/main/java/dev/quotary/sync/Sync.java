package dev.quotary.sync;

import dev.quotary.call.OrganizationKey;

/**
 * A batch and where it is.
 *
 * @param id the sender's, or one that was made; unique within the organization
 * @param version counts its changes of state, so that of two who change it one is told
 */
public record Sync(OrganizationKey organization, String id, Batch batch, SyncState state, long version) {
    /** How often a batch is tried again after the first attempt. */
    public static final int RETRIES_MAX = 5;

    public static final int ID_LENGTH_MAX = 256;

    public Sync {
        if (id.isBlank() || id.length() > ID_LENGTH_MAX) {
            throw new IllegalArgumentException("expected an id of 1.." + ID_LENGTH_MAX + " characters");
        }
    }

    /** As it is accepted. */
    public static Sync accepted(OrganizationKey organization, String id, Batch batch) {
        return new Sync(organization, id, batch, new SyncState.Pending(0, batch.acceptedAt(), null), 0);
    }

    /** In its next state. */
    public Sync in(SyncState next) {
        return new Sync(organization, id, batch, next, version + 1);
    }
}
