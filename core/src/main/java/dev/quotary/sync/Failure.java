package dev.quotary.sync;

import java.time.Instant;

/**
 * Why a batch was not recorded.
 *
 * @param code as errors of the API have it
 * @param detail for people
 */
public record Failure(String code, String detail, Instant at) {
    private static final int DETAIL_MAX = 2_000;

    public Failure {
        if (code.isBlank()) {
            throw new IllegalArgumentException("expected the code of a failure");
        }
        detail = detail.length() > DETAIL_MAX ? detail.substring(0, DETAIL_MAX) : detail;
    }
}
