package dev.quotary.call;

/** Names an organization: the wall between customers. */
public record OrganizationKey(String value) implements Comparable<OrganizationKey> {
    public OrganizationKey {
        Keys.check("an organization key", value);
    }

    @Override
    public int compareTo(OrganizationKey other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
