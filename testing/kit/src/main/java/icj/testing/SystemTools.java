package icj.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A folder for a PATH with nothing on it but what the script `ic` uses of a system: no Java, no
/// Maven.
public final class SystemTools {
    private static final List<String> NAMES =
            List.of(
                    "sh",
                    "dirname",
                    "readlink",
                    "sed",
                    "find",
                    "ls",
                    "head",
                    "tail",
                    "grep",
                    "ps",
                    "mkdir",
                    "touch",
                    "rm",
                    "mv",
                    "flock",
                    "cat");

    private static final List<Path> PLACES = List.of(Path.of("/usr/bin"), Path.of("/bin"));

    private SystemTools() {}

    /// Makes the folder, with a script for each tool that this system has.
    public static Path into(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String name : NAMES) {
            for (Path place : PLACES) {
                Path program = place.resolve(name);
                Path stand = folder.resolve(name);
                if (Files.exists(program) && !Files.exists(stand)) {
                    script(stand, "exec " + program + " \"$@\"");
                }
            }
        }
        return folder;
    }

    /// Writes a program of the shell.
    public static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("This file system has no programs: " + file);
        }
    }
}
