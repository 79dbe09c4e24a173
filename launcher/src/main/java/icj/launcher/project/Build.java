package icj.launcher.project;

import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.text.FileFailures;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Runs a project's build command when a source is newer than the module.
public final class Build {
    /// What tools put beside sources.
    private static final Set<String> NOT_SOURCES =
            new TreeSet<>(List.of("node_modules", "target", "build", "dist", "out"));

    private Build() {}

    /// Builds when there is a command and the module is missing or older than a source; whether it
    /// did. The command's output goes to standard error.
    public static boolean run(CanisterProject project) throws InterruptedException {
        if (project.build().isEmpty() || isFresh(project)) {
            return false;
        }
        try {
            Process process =
                    new ProcessBuilder(project.build())
                            .directory(project.folder().toFile())
                            .redirectErrorStream(true)
                            .start();
            process.getOutputStream().close();
            process.getInputStream().transferTo(System.err);
            int exit = process.waitFor();
            if (exit != 0) {
                throw new Failure(
                        Problem.BUILD_FAILED,
                        "The build of " + project.name() + " ended with exit code " + exit,
                        "Its command was: " + String.join(" ", project.build()));
            }
        } catch (IOException e) {
            throw new Failure(
                    Problem.BUILD_FAILED,
                    "The build of " + project.name() + " can't be started: " + e.getMessage(),
                    "Its command was: " + String.join(" ", project.build()));
        }
        return true;
    }

    private static boolean isFresh(CanisterProject project) {
        Path module = project.wasm();
        if (!Files.exists(module)) {
            return false;
        }
        try {
            FileTime built = Files.getLastModifiedTime(module);
            boolean[] newer = new boolean[1];
            Files.walkFileTree(
                    project.folder(),
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(
                                Path directory, BasicFileAttributes attributes) {
                            String name = String.valueOf(directory.getFileName());
                            boolean skipped =
                                    !directory.equals(project.folder())
                                            && (name.startsWith(".") || NOT_SOURCES.contains(name));
                            return skipped
                                    ? FileVisitResult.SKIP_SUBTREE
                                    : FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(
                                Path file, BasicFileAttributes attributes) {
                            newer[0] |= attributes.lastModifiedTime().compareTo(built) > 0;
                            return newer[0] ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
                        }
                    });
            return !newer[0];
        } catch (IOException e) {
            throw FileFailures.of(e);
        }
    }
}
