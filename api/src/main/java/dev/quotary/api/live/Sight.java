package dev.quotary.api.live;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import org.jspecify.annotations.Nullable;

/**
 * What a reader sees.
 *
 * @param organization null for every organization of the server
 * @param subject null for everything of the organization
 * @param own whether only what is the subject's own may be told: the reader is its browser
 */
public record Sight(
        @Nullable OrganizationKey organization, @Nullable SubjectKey subject, boolean own) {
    public Sight {
        if (organization == null && subject != null) {
            throw new IllegalArgumentException("expected the organization of subject '" + subject + "'");
        }
    }

    /** What of an item goes out; empty for nothing. */
    byte[] of(Item item) {
        var about = item.about();
        if (subject != null && !about.everybody() && !subject.equals(about.subject())) {
            return Item.NOTHING;
        }
        return own ? item.own() : item.whole();
    }
}
