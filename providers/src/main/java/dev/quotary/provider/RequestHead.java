package dev.quotary.provider;

import java.util.Optional;

/** The line and the headers of a request, as far as a format may need them. What it answers stays the same as long as the call lasts. */
public interface RequestHead {
    /** The method in capitals, such as {@code POST}. */
    String method();

    /** Path and query as the provider is to get them: from its version on, and without a key of ours in the query. */
    String target();

    /**
     * The value of a header; of one that comes more than once all of them, with commas between, since a provider may go by any.
     *
     * @param name in any case
     */
    Optional<String> header(String name);

    /** {@link #target} without its query. */
    default String path() {
        var target = target();
        int end = target.indexOf('?');
        return end < 0 ? target : target.substring(0, end);
    }

    /** The head of a POST without headers that matter. */
    static RequestHead post(String target) {
        return new RequestHead() {
            @Override
            public String method() {
                return "POST";
            }

            @Override
            public String target() {
                return target;
            }

            @Override
            public Optional<String> header(String name) {
                return Optional.empty();
            }
        };
    }
}
