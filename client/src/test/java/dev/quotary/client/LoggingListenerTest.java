package dev.quotary.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoggingListenerTest {
    private final Logger logger = Logger.getLogger("dev.quotary.client");
    private final Lines lines = new Lines();
    private final LoggingListener listener = new LoggingListener();

    /** The levels of what was logged. */
    private static final class Lines extends Handler {
        private final List<String> levels = new ArrayList<>();

        @Override
        public void publish(LogRecord line) {
            levels.add(line.getLevel().getName());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @BeforeEach
    void listen() {
        logger.addHandler(lines);
    }

    @AfterEach
    void leave() {
        logger.removeHandler(lines);
    }

    @Test
    void server_that_is_away_and_back_is_a_line_each_and_every_loss_is_one() {
        // When
        for (int i = 0; i < 1_000; i++) {
            listener.kept("r" + i, "away");
        }
        listener.dropped("r1000", "full", "{}");
        listener.dropped("r1001", "full", "{}");
        for (int i = 0; i < 1_000; i++) {
            listener.sent("r" + i);
        }
        // Then
        assertThat(lines.levels).containsExactly("WARNING", "SEVERE", "SEVERE", "INFO");
    }
}
