package dev.quotary.limit;

import dev.quotary.call.OrganizationKey;
import dev.quotary.time.Window;

/**
 * Names a counter: what is counted, for whom, in which window.
 *
 * <p>A class instead of a record because it carries its hash and the text of what it counts: admission looks counters up millions of
 * times a second.
 */
public final class CounterKey {
    private final OrganizationKey organization;
    private final Counted counted;
    private final String scopeValue;
    private final Window window;
    private final String text;
    private final int hash;

    /** @param scopeValue whose counter it is: the key of the organization, subject, API key, session or workflow */
    public CounterKey(OrganizationKey organization, Counted counted, String scopeValue, Window window) {
        this(organization, counted, counted.text(), scopeValue, window);
    }

    private CounterKey(OrganizationKey organization, Counted counted, String text, String scopeValue, Window window) {
        this.organization = organization;
        this.counted = counted;
        this.scopeValue = scopeValue;
        this.window = window;
        this.text = text;
        this.hash = ((organization.hashCode() * 31 + text.hashCode()) * 31 + scopeValue.hashCode()) * 31
                + window.start().hashCode();
    }

    /** The counter of the same thing in another window. */
    public CounterKey in(Window other) {
        return new CounterKey(organization, counted, text, scopeValue, other);
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

    /** {@link Counted#text()}, computed once. */
    public String text() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof CounterKey key
                        && hash == key.hash
                        && scopeValue.equals(key.scopeValue)
                        && text.equals(key.text)
                        && window.start().equals(key.window.start())
                        && organization.equals(key.organization));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return organization + "/" + text + "/" + scopeValue + "@" + window.start();
    }
}
