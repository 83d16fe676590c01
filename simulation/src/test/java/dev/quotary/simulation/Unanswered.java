package dev.quotary.simulation;

import java.util.ArrayList;
import java.util.List;

/** Messages that came to a process and that it has not answered. */
final class Unanswered {
    private final List<Message> messages = new ArrayList<>();

    void sent(Message message) {
        messages.add(message);
    }

    void answered(Message message) {
        messages.remove(message);
    }

    List<Message> messages() {
        return messages;
    }
}
