package icj.launcher.network;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/// Who listens on a port, as far as the system tells: Linux's `/proc` of our own user's processes.
public final class PortHolder {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "0A";
    private static final int COMMAND_SHOWN = 100;

    private PortHolder() {}

    /// The holder in words, such as `process 4711 (java -cp ...)`.
    public static String of(int port) {
        TreeSet<String> sockets = new TreeSet<>();
        sockets.addAll(sockets(PROC.resolve("net/tcp"), port));
        sockets.addAll(sockets(PROC.resolve("net/tcp6"), port));
        if (!sockets.isEmpty()) {
            try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
                for (Path process : processes) {
                    if (holds(process, sockets)) {
                        return "process " + process.getFileName() + command(process);
                    }
                }
            } catch (IOException e) {
                return "another process";
            }
        }
        return "another process";
    }

    /// Names of the sockets that listen on this port, as they stand in `/proc/PID/fd`.
    private static List<String> sockets(Path table, int port) {
        String suffix = String.format(":%04X", port);
        try {
            return Files.readAllLines(table).stream()
                    .map(line -> line.trim().split("\\s+"))
                    .filter(f -> f.length > 9 && f[1].endsWith(suffix) && f[3].equals(LISTENING))
                    .map(f -> "socket:[" + f[9] + "]")
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static boolean holds(Path process, TreeSet<String> sockets) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (sockets.contains(Files.readSymbolicLink(file).toString())) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Ended meanwhile, or another user's.
            return false;
        }
        return false;
    }

    private static String command(Path process) {
        try {
            String text = Files.readString(process.resolve("cmdline")).replace('\0', ' ').trim();
            String shown =
                    text.length() > COMMAND_SHOWN ? text.substring(0, COMMAND_SHOWN) + "..." : text;
            return " (" + shown + ")";
        } catch (IOException e) {
            return "";
        }
    }
}
