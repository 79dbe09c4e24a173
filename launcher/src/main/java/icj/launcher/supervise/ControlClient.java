package icj.launcher.supervise;

import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.network.Json;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkLock;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// Asks the supervisor of a network.
public final class ControlClient {
    private static final int CONNECT_TIMEOUT_MILLIS = 2_000;

    /// Longer than the patience with a node that doesn't end.
    private static final int ANSWER_TIMEOUT_MILLIS = 30_000;

    /// A question takes the supervisor no time: who waits longer waits for one that is halted.
    private static final int STATUS_TIMEOUT_MILLIS = 5_000;

    private final SupervisorFile file;

    private ControlClient(SupervisorFile file) {
        this.file = file;
    }

    /// The running supervisor, or null when none runs: it holds the lock, its process is there, and
    /// with the token it takes commands.
    public static @Nullable ControlClient find(NetworkDirectory directory) {
        SupervisorFile file = SupervisorFile.read(directory);
        return file != null && NetworkLock.isHeld(directory) && file.supervisor().mayRun()
                ? new ControlClient(file)
                : null;
    }

    /// The running supervisor, or a sentence that there is none.
    public static ControlClient of(NetworkDirectory directory) {
        ControlClient client = find(directory);
        if (client == null) {
            throw new Failure(
                    Problem.NOT_RUNNING,
                    "Network \"" + directory.name() + "\" doesn't run",
                    "Run: ic start");
        }
        return client;
    }

    /// The supervisor's process.
    public ProcessMark supervisor() {
        return file.supervisor();
    }

    /// Sends a command and waits for the answer.
    ///
    /// @param node its name; empty where the command names none
    public ControlAnswer ask(String command, String node) {
        ControlAnswer answer;
        // Made first: the supervisor waits for a line only for a while once somebody has connected.
        String line = Json.line(new ControlRequest(file.token(), command, node)) + "\n";
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), file.port()),
                    CONNECT_TIMEOUT_MILLIS);
            socket.setSoTimeout(
                    command.equals(ControlRequest.STATUS)
                            ? STATUS_TIMEOUT_MILLIS
                            : ANSWER_TIMEOUT_MILLIS);
            socket.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            String text =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            answer = Json.read(text, ControlAnswer.class);
        } catch (IOException | JacksonException e) {
            throw silent(e);
        }
        if (!answer.error().isEmpty()) {
            throw new Failure(Problem.SUPERVISOR_REFUSED, answer.error(), "See: ic status");
        }
        return answer;
    }

    private Failure silent(Exception reason) {
        long pid = file.supervisor().pid();
        return file.supervisor().halted()
                ? new Failure(
                        Problem.SUPERVISOR_SILENT,
                        "The supervisor (process " + pid + ") is halted",
                        "Let all its processes go on (ic doctor lists them): kill -CONT " + pid)
                : new Failure(
                        Problem.SUPERVISOR_SILENT,
                        "The supervisor (process "
                                + pid
                                + ") doesn't answer: "
                                + reason.getMessage(),
                        "Look into its log (ic logs --node supervisor), or end it: kill " + pid);
    }
}
