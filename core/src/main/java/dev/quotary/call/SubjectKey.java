package dev.quotary.call;

/** Names who uses, within an organization: a user, an anonymous visitor, a service. */
public record SubjectKey(String value) implements Comparable<SubjectKey> {
    public SubjectKey {
        Keys.check("a subject key", value);
    }

    @Override
    public int compareTo(SubjectKey other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
