package icj.launcher.supervise;

import icj.launcher.network.Json;

import tools.jackson.core.JacksonException;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// Where a supervisor listens for commands: a loopback port; each connection carries one line of
/// JSON in and one out, and must show the token that only the owner of the directory can read.
final class ControlServer implements AutoCloseable {
    private static final int LINE_MAX = 4_096;
    private static final int READ_TIMEOUT_MILLIS = 30_000;
    private static final int BACKLOG = 16;
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(2);

    private final ServerSocket socket;
    private final String token;
    private final Function<ControlRequest, ControlAnswer> handler;

    private final List<Thread> commands = new CopyOnWriteArrayList<>();

    private ControlServer(
            ServerSocket socket, String token, Function<ControlRequest, ControlAnswer> handler) {
        this.socket = socket;
        this.token = token;
        this.handler = handler;
    }

    /// Listens on a free port. Each command runs on a thread of its own.
    static ControlServer start(String token, Function<ControlRequest, ControlAnswer> handler)
            throws IOException {
        ServerSocket socket = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        ControlServer server = new ControlServer(socket, token, handler);
        Thread.ofPlatform().name("control").daemon().start(server::accept);
        return server;
    }

    int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("A listening socket always closes", e);
        }
    }

    /// Waits, for a moment at most, until those who asked have their answers: the process ends
    /// next.
    void awaitAnswers() throws InterruptedException {
        for (Thread command : commands) {
            command.join(ANSWER_PATIENCE);
        }
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread command =
                        Thread.ofPlatform().name("command").unstarted(() -> serve(connection));
                commands.removeIf(c -> c.getState() == Thread.State.TERMINATED);
                commands.add(command);
                command.start();
            } catch (IOException e) {
                // Closed by us; anything else would repeat, so leave as well.
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setSoTimeout(READ_TIMEOUT_MILLIS);
            String line = line(connection);
            String answer = Json.line(answer(line)) + "\n";
            connection.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
            connection.getOutputStream().flush();
        } catch (IOException e) {
            // The asker is gone: nobody to tell.
            return;
        }
    }

    private ControlAnswer answer(String line) {
        ControlRequest request;
        try {
            request = Json.read(line, ControlRequest.class);
        } catch (JacksonException e) {
            return ControlAnswer.failed("This is no command");
        }
        byte[] shown = request.token().getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(shown, token.getBytes(StandardCharsets.UTF_8))) {
            return ControlAnswer.failed("The token is wrong");
        }
        try {
            return handler.apply(request);
        } catch (RuntimeException e) {
            return ControlAnswer.failed("The supervisor failed: " + e);
        }
    }

    private static String line(Socket connection) throws IOException {
        BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder line = new StringBuilder();
        for (int c = reader.read(); c >= 0 && c != '\n'; c = reader.read()) {
            if (line.length() == LINE_MAX) {
                throw new IOException("a command is one short line");
            }
            line.append((char) c);
        }
        return line.toString();
    }
}
