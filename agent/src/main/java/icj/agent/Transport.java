package icj.agent;

import icj.types.Blob;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// Sends CBOR to one node and reads the answer. Failures that pass by themselves (nobody listens,
/// 429, 502, 503, 504) are tried again for a while: all requests of the interface may be sent
/// twice.
final class Transport implements AutoCloseable {
    private static final int ANSWER_BYTES_MAX = 12 * 1024 * 1024;
    private static final int REASON_CHARACTERS_MAX = 500;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final long PAUSE_FIRST_MILLIS = 50;
    private static final long PAUSE_LONGEST_MILLIS = 1000;

    private final URI node;
    private final Duration patience;
    private final Duration answerTimeout;
    private final HttpClient client;

    /// @param node the address, as `http://127.0.0.1:4943`
    /// @param patience how long failures that may pass are tried again
    /// @param answerTimeout how long one answer may take
    Transport(URI node, Duration patience, Duration answerTimeout) {
        this.node = node;
        this.patience = patience;
        this.answerTimeout = answerTimeout;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .build();
    }

    /// An answer with status 200 or 202.
    record Answer(int status, Blob body) {}

    URI node() {
        return node;
    }

    Answer get(String path) throws AgentException {
        return send(builder(path).GET().build());
    }

    Answer post(String path, Blob body) throws AgentException {
        return send(
                builder(path)
                        .header("Content-Type", "application/cbor")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body.shared()))
                        .build());
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }

    private HttpRequest.Builder builder(String path) {
        return HttpRequest.newBuilder(URI.create(base() + path))
                .timeout(answerTimeout)
                .header("Accept", "application/cbor");
    }

    private String base() {
        String text = node.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    private Answer send(HttpRequest request) throws AgentException {
        long giveUp = System.nanoTime() + patience.toNanos();
        long pause = PAUSE_FIRST_MILLIS;
        boolean mayHaveArrived = false;
        while (true) {
            AgentException failure;
            try {
                HttpResponse<byte[]> response =
                        client.send(
                                request,
                                HttpResponse.BodyHandlers.limiting(
                                        HttpResponse.BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
                int status = response.statusCode();
                if (status == 200 || status == 202) {
                    return new Answer(status, Blob.owning(response.body()));
                }
                String reason = reason(response.body());
                if (status != 429 && status != 502 && status != 503 && status != 504) {
                    throw new AgentException.Refused(status, reason, false);
                }
                // Those of a node in between, which passed the request on.
                mayHaveArrived |= status == 502 || status == 504;
                failure = new AgentException.Refused(status, reason, mayHaveArrived);
            } catch (ConnectException | HttpConnectTimeoutException e) {
                failure =
                        new AgentException.Unreachable(
                                "No node answers at " + base(), mayHaveArrived, e);
            } catch (IOException e) {
                mayHaveArrived = true;
                failure =
                        new AgentException.Unreachable(
                                "The connection to " + base() + " failed: " + e.getMessage(),
                                true,
                                e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AgentException.Unreachable(
                        "Interrupted while waiting for " + base(), true, e);
            }
            if (System.nanoTime() - giveUp >= 0) {
                throw failure;
            }
            pause(ThreadLocalRandom.current().nextLong(pause / 2, pause + 1));
            pause = Math.min(2 * pause, PAUSE_LONGEST_MILLIS);
        }
    }

    /// Waits; an interrupt ends the whole request.
    void pause(long millis) throws AgentException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentException.Unreachable(
                    "Interrupted while waiting for " + base(), true, e);
        }
    }

    private static String reason(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        return text.length() <= REASON_CHARACTERS_MAX
                ? text
                : text.substring(0, REASON_CHARACTERS_MAX) + "...";
    }
}
