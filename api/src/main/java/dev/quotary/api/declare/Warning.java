package dev.quotary.api.declare;

import dev.quotary.http.Value;

/**
 * Something accepted that may not do what its writer thinks.
 *
 * @param pointer JSON pointer of the place; empty where no one place is meant
 * @param line of the file, from 1; 0 where lines mean nothing
 */
public record Warning(String pointer, int line, String message) {
    static Warning at(Value value, String message) {
        return new Warning(value.pointer(), value.line(), message);
    }
}
