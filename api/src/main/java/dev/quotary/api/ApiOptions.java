package dev.quotary.api;

/**
 * Bounds of the API.
 *
 * @param bodyBytesMax of a request
 * @param recordsBytesMax of a request that may carry a batch
 */
public record ApiOptions(int bodyBytesMax, int recordsBytesMax) {
    public static final ApiOptions DEFAULT = new ApiOptions(1 << 20, 16 << 20);

    public ApiOptions {
        if (bodyBytesMax < 1 || recordsBytesMax < 1) {
            throw new IllegalArgumentException(
                    "expected bounds of 1 byte or more, was " + bodyBytesMax + ", " + recordsBytesMax);
        }
    }
}
