package icj.launcher.command;

import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.doctor.Finding;
import icj.launcher.doctor.Machine;
import icj.launcher.doctor.MachineChecks;
import icj.launcher.doctor.NetworkChecks;
import icj.launcher.doctor.PlaceChecks;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;
import icj.launcher.supervise.Health;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// The zip of `ic export logs`. What goes in is listed here: anything new in a network's folder
/// stays out until somebody has thought of it. Keys, journals, states and `supervisor.json`, which
/// holds the control token, are not listed.
final class LogArchive {
    private static final List<String> FILES =
            List.of(
                    "format.json",
                    "settings.json",
                    "network.json",
                    "canisters.json",
                    "supervisor.log",
                    "supervisor.log.1");

    private final Ic ic;
    private final NetworkDirectory directory;

    LogArchive(Ic ic, NetworkDirectory directory) {
        this.ic = ic;
        this.directory = directory;
    }

    /// Writes the zip, which must not be there; names of what is in it.
    List<String> write(Path file) throws IOException {
        List<String> entries = new ArrayList<>();
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Path log : logs()) {
                String name = directory.root().relativize(log).toString();
                entries.add(name);
                zip.putNextEntry(new ZipEntry(name));
                Files.copy(log, zip);
                zip.closeEntry();
            }
            text(zip, entries, "version.txt", "ic " + Ic.version() + ", " + Machine.here() + "\n");
            text(zip, entries, "doctor.txt", doctor());
            for (NetworkFile.Node node : nodes()) {
                String page = Health.page(node, "/metrics");
                if (page != null) {
                    text(zip, entries, "nodes/" + node.name() + "/metrics.txt", page);
                }
            }
        } catch (FileAlreadyExistsException e) {
            throw new Failure(
                    Problem.FILE_EXISTS,
                    file + " exists",
                    "Name another file with --output, or remove it");
        }
        return entries;
    }

    private List<Path> logs() throws IOException {
        List<Path> logs = new ArrayList<>();
        for (String name : FILES) {
            Path file = directory.root().resolve(name);
            if (Files.isRegularFile(file)) {
                logs.add(file);
            }
        }
        if (Files.isDirectory(directory.nodes())) {
            try (Stream<Path> nodes = Files.list(directory.nodes())) {
                for (Path node : nodes.sorted().toList()) {
                    logs.addAll(logsOf(node));
                }
            }
        }
        return logs;
    }

    private static List<Path> logsOf(Path node) throws IOException {
        Path folder = node.resolve("log");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private List<NetworkFile.Node> nodes() {
        try {
            return NetworkFile.read(directory.networkFile()).nodes();
        } catch (Failure damaged) {
            // The report is about a network that is damaged: it goes without their metrics.
            return List.of();
        }
    }

    private String doctor() {
        Machine machine = Machine.here();
        List<Finding> findings = new ArrayList<>(MachineChecks.of(machine));
        findings.addAll(PlaceChecks.of(directory.root(), ic.locations()));
        findings.addAll(NetworkChecks.of(directory, machine.clock()));
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            text.append(finding.verdict().word()).append("  ").append(finding.name()).append("  ");
            text.append(finding.found()).append('\n');
        }
        return text.toString();
    }

    private static void text(ZipOutputStream zip, List<String> entries, String name, String text)
            throws IOException {
        entries.add(name);
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }
}
