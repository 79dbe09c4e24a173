package icj.launcher.supervise;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A node process that does nothing: it notes its process id, ends when its standard input closes,
/// and dies at once with the code in the file `die` of its directory.
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
        while (System.in.read() >= 0) {
            continue;
        }
    }
}
