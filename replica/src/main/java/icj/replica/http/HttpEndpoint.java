package icj.replica.http;

import java.util.function.Consumer;

/// Answers requests. Called on an event loop, so it never blocks: longer work goes to a pool. The
/// answer may be given later and on any thread; a second one is ignored.
@FunctionalInterface
public interface HttpEndpoint {
    /// Answers `request` through `answer`, exactly once.
    void handle(HttpRequestHead request, Consumer<HttpAnswer> answer);
}
