package dev.quotary.api.declare;

import dev.quotary.catalog.Actor;

/**
 * How a file is applied.
 *
 * @param by who applies it
 * @param owner whose things it makes
 * @param dryRun true to answer what would be done, and do nothing
 * @param prune whether what a file made earlier and this one does not mention is deleted
 */
public record ApplyOrder(Actor by, Owner owner, boolean dryRun, boolean prune) {
    /** What a file declares is made or replaced, and is the file's. */
    public static ApplyOrder by(Actor actor) {
        return new ApplyOrder(actor, Owner.APPLY, false, false);
    }

    public ApplyOrder dryRun(boolean dry) {
        return new ApplyOrder(by, owner, dry, prune);
    }

    public ApplyOrder prune(boolean pruned) {
        return new ApplyOrder(by, owner, dryRun, pruned);
    }

    /** What is made is not a file's, so that no later file deletes it. */
    public ApplyOrder forApi() {
        return new ApplyOrder(by, Owner.API, dryRun, prune);
    }
}
