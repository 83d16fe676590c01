package dev.quotary.server.metrics;

import dev.quotary.catalog.Role;
import dev.quotary.http.Answers;
import dev.quotary.http.Authentication;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.ProblemException;
import dev.quotary.server.config.Config;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** {@code /metrics} in the text format of Prometheus, for those who may see it. */
public final class MetricsPage implements Handler<HttpServerRequest> {
    public static final String PATH = "/metrics";
    private static final String BEARER = "Bearer ";

    private final Config.Metrics config;
    private final Authentication authentication;
    private final Metrics metrics;
    private final Supplier<List<MetricSnapshot>> gauges;

    /** @param gauges what is read when somebody asks */
    public MetricsPage(
            Config.Metrics config,
            Authentication authentication,
            Metrics metrics,
            Supplier<List<MetricSnapshot>> gauges) {
        this.config = config;
        this.authentication = authentication;
        this.metrics = metrics;
        this.gauges = gauges;
    }

    @Override
    public void handle(HttpServerRequest request) {
        try {
            admit(request);
            request.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, PrometheusTextFormatWriter.CONTENT_TYPE)
                    .end(page());
        } catch (ProblemException e) {
            Answers.problem(request.response(), e.problem());
        }
    }

    private void admit(HttpServerRequest request) {
        switch (config.access()) {
            case OFF -> throw new ProblemException(ErrorCode.NOT_FOUND, "There is nothing at this path.");
            case OPEN -> {}
            case KEY -> {
                if (!scraper(request) && !admin(request)) {
                    throw new ProblemException(
                            ErrorCode.FORBIDDEN,
                            "Metrics are of the whole server: show server.metrics_key, or an admin key without organization.");
                }
            }
        }
        if (!request.method().equals(HttpMethod.GET)) {
            throw new ProblemException(ErrorCode.METHOD_NOT_ALLOWED, "This path takes GET only.");
        }
    }

    private boolean admin(HttpServerRequest request) {
        var key = authentication.of(request).key();
        return key.role() == Role.ADMIN && key.organization() == null;
    }

    /** In constant time, so that the key cannot be found piece by piece. */
    private boolean scraper(HttpServerRequest request) {
        var shown = request.getHeader(HttpHeaders.AUTHORIZATION);
        return shown != null
                && config.key().isPresent()
                && MessageDigest.isEqual(
                        bytes(shown), bytes(BEARER + config.key().get().text()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Buffer page() {
        var snapshots = new ArrayList<>(metrics.snapshots());
        snapshots.addAll(gauges.get());
        snapshots.addAll(JvmMetrics.snapshots());
        var out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, new MetricSnapshots(snapshots));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return Buffer.buffer(out.toByteArray());
    }
}
