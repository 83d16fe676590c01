package dev.quotary.e2e;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How a provider's bytes are cut when they arrive. */
enum Pieces {
    WHOLE(Integer.MAX_VALUE),
    SINGLE_BYTES(1),
    /** Every cut falls into another place of a chunk. */
    SEVENS(7),
    /** Longer than an event, shorter than two. */
    HALF_KILOBYTES(509);

    private final int length;

    Pieces(int length) {
        this.length = length;
    }

    List<byte[]> of(byte[] bytes) {
        var pieces = new ArrayList<byte[]>();
        for (int at = 0; at < bytes.length; at += Math.min(length, bytes.length - at)) {
            pieces.add(Arrays.copyOfRange(bytes, at, at + Math.min(length, bytes.length - at)));
        }
        return pieces;
    }
}
