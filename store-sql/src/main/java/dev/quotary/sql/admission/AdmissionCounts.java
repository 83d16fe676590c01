package dev.quotary.sql.admission;

/**
 * What the limiter has done since the start.
 *
 * @param transactions that were decided
 * @param decisions in them
 * @param repeated transactions that the database gave up for another's sake, or while this process stood still
 * @param failed transactions: the database did not answer
 * @param waiting steps that wait now, or are being decided
 */
public record AdmissionCounts(long transactions, long decisions, long repeated, long failed, int waiting) {
    AdmissionCounts plus(AdmissionCounts other) {
        return new AdmissionCounts(
                transactions + other.transactions,
                decisions + other.decisions,
                repeated + other.repeated,
                failed + other.failed,
                waiting + other.waiting);
    }
}
