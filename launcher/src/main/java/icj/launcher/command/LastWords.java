package icj.launcher.command;

import icj.launcher.network.NetworkDirectory;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a node's process printed last before it ended.
final class LastWords {
    private static final int TAIL_BYTES = 16_384;
    private static final int SHOWN = 300;

    private LastWords() {}

    /// The last line that is not part of a stack trace; empty when there is none.
    static String of(NetworkDirectory directory, String node) {
        Path console = directory.nodeConsole(node);
        if (!Files.exists(console)) {
            return "";
        }
        try (RandomAccessFile file = new RandomAccessFile(console.toFile(), "r")) {
            long from = Math.max(0, file.length() - TAIL_BYTES);
            file.seek(from);
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.readFully(bytes);
            List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
            for (String line : lines.reversed()) {
                if (!line.isBlank() && !line.startsWith("\t")) {
                    String words = line.strip();
                    return words.length() > SHOWN ? words.substring(0, SHOWN) + "..." : words;
                }
            }
            return "";
        } catch (IOException e) {
            // The reason is known without them.
            return "";
        }
    }
}
