package icj.replica.http;

import icj.replica.metrics.Metrics;
import icj.replica.metrics.Readiness;
import icj.types.Blob;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What operators and the launcher ask on the loopback port: `/health/live` (the process runs),
/// `/health/ready` (200 or 503, with a reason for each part), `/metrics` (Prometheus) and `/calls`
/// (where the time of the last answered calls went, one JSON object a line).
public final class MetricsEndpoint implements HttpEndpoint {
    private final Metrics metrics;
    private final Readiness readiness;
    private final Supplier<String> calls;

    public MetricsEndpoint(Metrics metrics, Readiness readiness, Supplier<String> calls) {
        this.metrics = metrics;
        this.readiness = readiness;
        this.calls = calls;
    }

    @Override
    public void handle(HttpRequestHead request, Consumer<HttpAnswer> answer) {
        if (!request.method().equals("GET")) {
            answer.accept(HttpAnswer.methodNotAllowed("GET"));
            return;
        }
        switch (request.path()) {
            case "/health/live" -> answer.accept(json(200, "{\"live\":true}\n"));
            case "/health/ready" ->
                    answer.accept(
                            json(readiness.firstReason() == null ? 200 : 503, readiness.toJson()));
            case "/metrics" ->
                    answer.accept(
                            body(
                                    200,
                                    "text/plain; version=0.0.4; charset=utf-8",
                                    metrics.render()));
            case "/calls" -> answer.accept(body(200, "application/x-ndjson", calls.get()));
            default -> answer.accept(HttpAnswer.text(404, "There is nothing at this path"));
        }
    }

    private static HttpAnswer json(int status, String text) {
        return body(status, "application/json", text);
    }

    private static HttpAnswer body(int status, String type, String text) {
        Blob bytes = Blob.owning(text.getBytes(StandardCharsets.UTF_8));
        return new HttpAnswer(status, type, bytes, null, HttpAnswer.RETRY_SECONDS);
    }
}
