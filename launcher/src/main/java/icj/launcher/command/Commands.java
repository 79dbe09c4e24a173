package icj.launcher.command;

import picocli.CommandLine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The commands by name. Each takes Picocli some milliseconds to take in, so a command line that
/// names one gets that one alone; help and mistakes get all.
final class Commands {
    private static final Map<String, Supplier<Object>> ALL = new LinkedHashMap<>();

    /// Options before the command that take a value.
    private static final List<String> WITH_VALUE = List.of("--state-dir", "--network");

    static {
        ALL.put("start", StartCommand::new);
        ALL.put("stop", StopCommand::new);
        ALL.put("status", StatusCommand::new);
        ALL.put("wait", WaitCommand::new);
        ALL.put("logs", LogsCommand::new);
        ALL.put("deploy", DeployCommand::new);
        ALL.put("call", CallCommand::new);
        ALL.put("canister", CanisterGroup::new);
        ALL.put("identity", IdentityGroup::new);
        ALL.put("node", NodeGroup::new);
        ALL.put("network", NetworkGroup::new);
        ALL.put("config", ConfigGroup::new);
        ALL.put("doctor", DoctorCommand::new);
        ALL.put("export", ExportGroup::new);
        ALL.put("bench", BenchCommand::new);
        ALL.put("completion", CompletionCommand::new);
        ALL.put("help", HelpCommand::new);
        ALL.put("version", VersionCommand::new);
        ALL.put("supervise", SuperviseCommand::new);
        ALL.put("warm-up", WarmUpCommand::new);
    }

    private Commands() {}

    /// Adds every command.
    static void all(CommandLine line) {
        ALL.forEach((name, command) -> line.addSubcommand(name, command.get()));
    }

    /// Adds the command that these arguments name, or every one when they name none.
    static void named(CommandLine line, String... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            if (WITH_VALUE.contains(arguments[i])) {
                i++;
            } else if (!arguments[i].startsWith("-")) {
                Supplier<Object> command = ALL.get(arguments[i]);
                if (command != null) {
                    line.addSubcommand(arguments[i], command.get());
                    return;
                }
                break;
            }
        }
        all(line);
    }
}
