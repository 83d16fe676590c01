package dev.quotary.sql;

import static dev.quotary.testkit.LedgerContract.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.testkit.LedgerModel;
import dev.quotary.testkit.LedgerSamples;
import dev.quotary.testkit.Seeds;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HourlyRollupTest {
    private static final String ROLLUP = "SELECT * FROM usage_hour";
    private static final String EVENTS = """
            SELECT organization, time / 3600000000 * 3600000000, coalesce(subject, ''), coalesce(provider, ''),
                coalesce(model, ''), coalesce(feature, ''), count(*), sum(outcome = 1), sum(requests),
                sum(tokens_input), sum(tokens_output), sum(tokens), sum(input), sum(cached_input),
                sum(cache_write_5m), sum(cache_write_1h), sum(input_audio), sum(output), sum(output_audio),
                sum(reasoning), sum(cost), sum(latency_ms), sum(queue_wait_ms)
            FROM usage_event GROUP BY 1, 2, 3, 4, 5, 6""";

    @TempDir
    private Path directory;

    @Test
    void rollup_equals_the_sums_of_the_events() {
        var file = directory.resolve("quotary.db");
        Seeds.forEach(5, random -> {
            // Given
            var samples = new LedgerSamples(random);
            try (var database = SqliteDatabase.open(file);
                    var ledger = new SqlLedger(database, new LedgerModel.Counters())) {
                // When: some of them twice
                for (int i = 0; i < 100; i++) {
                    var entry = samples.entry();
                    var _ = ledger.append(List.of(entry, samples.entry(), entry));
                    get(ledger.append(List.of(entry)));
                }
            }
            // Then
            assertThat(rows(file, ROLLUP)).isNotEmpty().isEqualTo(rows(file, EVENTS));
        });
    }

    private static Set<List<Object>> rows(Path file, String sql) {
        try (var connection = RawSql.connect(file);
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            var rows = new HashSet<List<Object>>();
            while (result.next()) {
                var row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(String.valueOf(result.getObject(i)));
                }
                rows.add(row);
            }
            return rows;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
