package icj.launcher.command;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One log file: its last lines, then those that are added. A file that is put aside and begun anew
/// is followed from its beginning.
final class LogFollower {
    /// Enough for any number of lines that a person asks for.
    private static final int BYTES_MAX = 4 << 20;

    private final String node;
    private final Path file;
    private long position;

    LogFollower(String node, Path file) {
        this.node = node;
        this.file = file;
    }

    String node() {
        return node;
    }

    /// The lines of the file's end, whole ones; the first may be cut.
    List<LogLine> tail() throws IOException {
        long end = size();
        position = Math.max(0, end - BYTES_MAX);
        return more();
    }

    /// The whole lines that were added since.
    List<LogLine> more() throws IOException {
        long end = size();
        if (end < position) {
            position = 0;
        }
        if (end == position) {
            return List.of();
        }
        byte[] bytes = new byte[(int) Math.min(end - position, BYTES_MAX)];
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            open.seek(position);
            open.readFully(bytes);
        }
        int whole = bytes.length;
        while (whole > 0 && bytes[whole - 1] != '\n') {
            whole--;
        }
        if (whole == 0 && bytes.length == BYTES_MAX) {
            whole = bytes.length;
        }
        position += whole;
        List<LogLine> lines = new ArrayList<>();
        new String(bytes, 0, whole, StandardCharsets.UTF_8)
                .lines()
                .forEach(line -> lines.add(LogLine.of(node, line)));
        return lines;
    }

    private long size() throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }
}
