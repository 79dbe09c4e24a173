package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.network.Json;
import icj.launcher.network.NetworkDirectory;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// `ic export`: what others may have.
@Command(
        name = "export",
        description = "Packs what a bug report needs.",
        subcommands = {ExportGroup.Logs.class},
        footer = {"ic export logs # a zip without secrets"})
final class ExportGroup extends NetworkCommand {
    @Override
    public Integer call() {
        return ic().group();
    }

    @Command(
            name = "logs",
            description = {
                "Packs all logs of a network and its settings into a zip for a bug report.",
                "It holds no keys, no state of canisters and no token of the supervisor; but what"
                        + " canisters printed is in it, and the names of your folders: look"
                        + " through it before you send it."
            },
            footer = {"ic export logs", "ic export logs --output report.zip"})
    static final class Logs extends NetworkCommand {
        @Option(
                names = {"-o", "--output"},
                paramLabel = "FILE",
                description = "The zip to write (default: ic-logs-NETWORK-TIME.zip, here).")
        private @Nullable Path output;

        @Override
        public Integer call() throws IOException {
            NetworkDirectory directory = ic().directory();
            directory.checkFormat();
            if (!directory.isNetwork()) {
                directory.checkExists();
            }
            Path file = output == null ? named(directory) : output;
            List<String> entries = new LogArchive(ic(), directory).write(file);
            ObjectNode object = Json.object();
            object.put("file", file.toAbsolutePath().toString());
            object.put("bytes", Files.size(file));
            entries.forEach(object.putArray("entries")::add);
            ic().print(object);
            ic().progress(
                            "Packed "
                                    + entries.size()
                                    + " files, "
                                    + (Files.size(file) + 1023) / 1024
                                    + " KiB, without keys. Look through it before you send it.");
            ic().say(file.toString());
            return ExitCode.OK.number();
        }

        private static Path named(NetworkDirectory directory) {
            String time = Instant.now().toString().substring(0, 19).replaceAll("[-:]", "");
            return Path.of("ic-logs-" + directory.name() + "-" + time + ".zip");
        }
    }
}
