package dev.quotary.sql.query;

/**
 * A stretch of a bucket of time that one table answers for.
 *
 * @param bucket index of the bucket
 * @param from in {@link dev.quotary.sql.Micros}
 * @param until in the same, exclusive
 */
record Piece(int bucket, long from, long until) {}
