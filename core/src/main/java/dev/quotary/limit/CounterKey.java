package dev.quotary.limit;

import dev.quotary.call.OrganizationKey;
import dev.quotary.time.Window;
import dev.quotary.time.WindowSpec;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Names a counter: what is counted, for whom, in which window; of a sliding window, in which slice of it.
 *
 * <p>A class instead of a record because it carries its hash and the text of what it counts: admission looks counters up millions of
 * times a second.
 */
public final class CounterKey {
    private final OrganizationKey organization;
    private final Counted counted;
    private final String scopeValue;
    private final Window window;
    private final int hash;
    private final CounterKey whole;
    private final @Nullable CounterKey previous;

    /** @param scopeValue whose counter it is: the key of the organization, subject, API key, session or workflow */
    public CounterKey(OrganizationKey organization, Counted counted, String scopeValue, Window window) {
        this(organization, counted, scopeValue, window, null);
    }

    /** @param previous the counter of the window before, where a limit looks back at it; null where none does */
    public CounterKey(
            OrganizationKey organization,
            Counted counted,
            String scopeValue,
            Window window,
            @Nullable CounterKey previous) {
        this.organization = organization;
        this.counted = counted;
        this.scopeValue = scopeValue;
        this.window = window;
        this.previous = previous;
        var text = counted.text();
        this.hash = ((organization.hashCode() * 31 + text.hashCode()) * 31 + scopeValue.hashCode()) * 31
                + window.start().hashCode();
        boolean slice = counted.window() instanceof WindowSpec.Sliding && window.resets();
        this.whole = slice ? new CounterKey(organization, counted, scopeValue, Window.ENDLESS) : this;
    }

    /** The counter of the same thing in another window. */
    public CounterKey in(Window other) {
        return new CounterKey(organization, counted, scopeValue, other);
    }

    /** The counter that decides: for a slice, that of its sliding window as a whole, which all its slices share; else this one. */
    public CounterKey whole() {
        return whole;
    }

    /** The counter of the window before, where a limit asks for its room (burst); null where none does. Not part of equality. */
    public @Nullable CounterKey previous() {
        return previous;
    }

    /** Until when what it counted can matter to a decision. */
    public Instant countsUntil() {
        return counted.countsUntil(window);
    }

    public OrganizationKey organization() {
        return organization;
    }

    public Counted counted() {
        return counted;
    }

    public String scopeValue() {
        return scopeValue;
    }

    public Window window() {
        return window;
    }

    /** {@link Counted#text()}. */
    public String text() {
        return counted.text();
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof CounterKey key
                        && hash == key.hash
                        && scopeValue.equals(key.scopeValue)
                        && text().equals(key.text())
                        && window.start().equals(key.window.start())
                        && organization.equals(key.organization));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return organization + "/" + text() + "/" + scopeValue + "@" + window.start();
    }
}
