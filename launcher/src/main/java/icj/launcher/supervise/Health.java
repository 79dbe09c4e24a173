package icj.launcher.supervise;

import icj.launcher.network.NetworkFile;

import org.jspecify.annotations.Nullable;

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

    private static final int PAGE_BYTES_MAX = 4 << 20;

    /// A page of the node's metrics port; null when it doesn't answer.
    public static @Nullable String page(NetworkFile.Node node, String path) {
        try {
            String answer = ask(URI.create(node.metrics()), path, PAGE_BYTES_MAX);
            int body = answer.indexOf("\r\n\r\n");
            return answer.startsWith("HTTP/1.1 200 ") && body > 0 ? answer.substring(body) : null;
        } catch (IOException e) {
            return null;
        }
    }

    /// The node's answer now.
    public static Health of(NetworkFile.Node node) {
        URI metrics = URI.create(node.metrics());
        try {
            String answer = ask(metrics, "/health/ready", ANSWER_BYTES_MAX);
            int body = answer.indexOf("\r\n\r\n");
            return new Health(
                    answer.startsWith("HTTP/1.1 200 "),
                    body < 0 ? "no answer" : answer.substring(body).strip());
        } catch (IOException e) {
            return new Health(false, "doesn't answer on " + metrics.getAuthority());
        }
    }

    private static String ask(URI metrics, String path, int bytesMax) throws IOException {
        // A plain socket: the JDK's HTTP client takes a tenth of a second of CPU to start.
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(metrics.getHost(), metrics.getPort()), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            String request =
                    "GET "
                            + path
                            + " HTTP/1.1\r\nHost: "
                            + metrics.getAuthority()
                            + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(bytesMax), StandardCharsets.UTF_8);
        }
    }
}
