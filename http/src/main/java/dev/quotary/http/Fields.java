package dev.quotary.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Reads the members of one object by name. {@link #done} refuses members that nobody asked for, so that a misspelt one never passes
 * silently. A member that is null counts as absent. For one thread.
 */
public final class Fields {
    private final Value object;
    private final Map<String, Value> members;
    /** A list, as objects have few members and looking through it is cheaper than hashing. */
    private final List<String> asked = new ArrayList<>();

    Fields(Value object, Map<String, Value> members) {
        this.object = object;
        this.members = members;
    }

    public Value need(String name) {
        return find(name).orElseThrow(() -> object.wrong("expected a member '" + name + "'"));
    }

    public Optional<Value> find(String name) {
        asked.add(name);
        return Optional.ofNullable(Value.present(members.get(name)));
    }

    public boolean has(String name) {
        return find(name).isPresent();
    }

    public Optional<String> string(String name) {
        return find(name).map(Value::string);
    }

    public List<Value> items(String name) {
        return find(name).map(Value::items).orElse(List.of());
    }

    public Value object() {
        return object;
    }

    /** @throws InvalidInputException naming a member that was never asked for, if there is one */
    public void done() {
        for (var member : members.entrySet()) {
            if (!asked.contains(member.getKey())) {
                throw member.getValue()
                        .wrong("unknown field '" + member.getKey() + "'; known here: "
                                + String.join(", ", new TreeSet<>(asked)));
            }
        }
    }
}
