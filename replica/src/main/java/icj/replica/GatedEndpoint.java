package icj.replica;

import icj.replica.http.HttpAnswer;
import icj.replica.http.HttpEndpoint;
import icj.replica.http.HttpRequestHead;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/// Answers 503 until the node is wired: the port is taken before the stores are opened.
final class GatedEndpoint implements HttpEndpoint {
    private volatile @Nullable HttpEndpoint inner;

    void open(HttpEndpoint endpoint) {
        inner = endpoint;
    }

    @Override
    public void handle(HttpRequestHead request, Consumer<HttpAnswer> answer) {
        HttpEndpoint open = inner;
        if (open == null) {
            answer.accept(HttpAnswer.text(503, "The node is starting"));
        } else {
            open.handle(request, answer);
        }
    }
}
