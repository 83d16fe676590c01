package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.limit.Limiter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that ends in an error of the Java platform, such as a stack that is too deep, is answered like any other failure. */
@Timeout(60)
class FailingRequestTest {
    private static final String RESERVE = "/api/v1/usage/reservations";
    private static final String BODY = "{\"subject\":\"ann\",\"quantities\":{\"requests\":1}}";

    private final AtomicBoolean broken = new AtomicBoolean();

    @TempDir
    private Path directory;

    /** @param immediate on the event loop, or on a thread of its own */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void error_is_answered_and_the_next_request_is_served(boolean immediate) {
        // Given
        try (var server = ApiServer.in(directory, seen(immediate))) {
            server.admin().post("/api/v1/apply", "{\"organizations\":[{\"key\":\"acme\"}]}");
            var app = server.service();
            broken.set(true);
            // When
            var failed = app.post(RESERVE, BODY);
            broken.set(false);
            // Then
            assertThat(failed.status()).isEqualTo(500);
            assertThat(failed.at("code")).isEqualTo("INTERNAL");
            assertThat(app.post(RESERVE, BODY).status()).isEqualTo(201);
        }
    }

    private UnaryOperator<Limiter> seen(boolean immediate) {
        return limiter -> (Limiter) Proxy.newProxyInstance(
                Limiter.class.getClassLoader(), new Class<?>[] {Limiter.class}, (_, method, arguments) -> {
                    if (method.getName().equals("immediate")) {
                        return immediate;
                    }
                    if (method.getName().equals("reserve") && broken.get()) {
                        throw new StackOverflowError();
                    }
                    try {
                        return method.invoke(limiter, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
