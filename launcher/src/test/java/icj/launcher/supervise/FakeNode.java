package icj.launcher.supervise;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/// A node process that does nothing: it notes its process id, ends when its standard input closes,
/// and dies at once with the code in the file `die` of its directory. With a file `slow` it ends
/// only when there is a file `end`; with a file `serve` it says on the port therein that it is
/// ready.
final class FakeNode {
    private FakeNode() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        Path die = directory.resolve("die");
        Files.writeString(
                directory.resolve("starts"),
                ProcessHandle.current().pid() + "\n",
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND);
        if (Files.exists(die)) {
            System.exit(Integer.parseInt(Files.readString(die).trim()));
        }
        Path serve = directory.resolve("serve");
        if (Files.exists(serve)) {
            serve(Integer.parseInt(Files.readString(serve).trim()));
        }
        if (Files.exists(directory.resolve("slow"))) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitFile(directory)));
        }
        while (System.in.read() >= 0) {
            continue;
        }
    }

    private static void awaitFile(Path directory) {
        while (!Files.exists(directory.resolve("end"))) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static void serve(int port) throws IOException {
        ServerSocket socket = new ServerSocket(port, 16, InetAddress.getLoopbackAddress());
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    while (true) {
                        try (Socket client = socket.accept()) {
                            answer(client);
                        } catch (IOException e) {
                            return;
                        }
                    }
                });
    }

    private static void answer(Socket client) throws IOException {
        BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
        String line = in.readLine();
        while (line != null && !line.isEmpty()) {
            line = in.readLine();
        }
        client.getOutputStream()
                .write("HTTP/1.1 200 OK\r\n\r\n{}".getBytes(StandardCharsets.US_ASCII));
    }
}
