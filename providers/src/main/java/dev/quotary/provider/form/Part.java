package dev.quotary.provider.form;

/**
 * One part of a form.
 *
 * @param file whether it has the name of a file
 * @param from where its content begins in the body
 * @param to where its content ends
 */
public record Part(String name, boolean file, int from, int to) {
    public int length() {
        return to - from;
    }
}
