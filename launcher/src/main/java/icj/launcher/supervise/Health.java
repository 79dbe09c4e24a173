package icj.launcher.supervise;

import icj.launcher.network.NetworkFile;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// Asks a node's `/health/ready`.
///
/// @param ready whether an update through this node would succeed
/// @param reason the node's own JSON when it isn't, or why it didn't answer
public record Health(boolean ready, String reason) {
    private static final int TIMEOUT_MILLIS = 1_000;
    private static final int ANSWER_BYTES_MAX = 16_384;

    /// The node's answer now.
    public static Health of(NetworkFile.Node node) {
        URI metrics = URI.create(node.metrics());
        // A plain socket: the JDK's HTTP client takes a tenth of a second of CPU to start.
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(metrics.getHost(), metrics.getPort()), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            String request =
                    "GET /health/ready HTTP/1.1\r\nHost: "
                            + metrics.getAuthority()
                            + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer =
                    new String(
                            socket.getInputStream().readNBytes(ANSWER_BYTES_MAX),
                            StandardCharsets.UTF_8);
            int body = answer.indexOf("\r\n\r\n");
            return new Health(
                    answer.startsWith("HTTP/1.1 200 "),
                    body < 0 ? "no answer" : answer.substring(body).strip());
        } catch (IOException e) {
            return new Health(false, "doesn't answer on " + metrics.getAuthority());
        }
    }
}
