package dev.quotary.sql;

import dev.quotary.ledger.Audit;
import dev.quotary.ledger.Ledger;
import dev.quotary.testkit.AuditContract;
import dev.quotary.testkit.LedgerModel;
import dev.quotary.testkit.postgres.PostgresServer;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class PostgresAuditTest implements AuditContract {
    private final List<PostgresDatabase> opened = new ArrayList<>();
    private String url = "";

    @Override
    public Ledger openEmpty() {
        url = PostgresServer.shared().newDatabase();
        var database = PostgresDatabase.open(PostgresUrl.parse(url), LedgerParticipant.NONE);
        opened.add(database);
        return new SqlLedger(database, new LedgerModel.Counters());
    }

    @Override
    public Audit audit() {
        return new PostgresAudit(PostgresUrl.parse(url));
    }

    @Override
    public void damage(String sql) {
        var parsed = PostgresUrl.parse(url);
        try (var connection = DriverManager.getConnection(parsed.jdbcUrl(), parsed.properties());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() {
        opened.forEach(PostgresDatabase::close);
    }
}
