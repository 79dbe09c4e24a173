package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.Failure;
import icj.launcher.network.Json;
import icj.launcher.network.Locations;
import icj.launcher.network.NetworkDirectory;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.Callable;

/// The root of all commands: the options that each takes, and how a failure is told.
@Command(
        name = "ic",
        description = "Runs networks of Internet Computer nodes on this machine and talks to them.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            StartCommand.class,
            StopCommand.class,
            StatusCommand.class,
            WaitCommand.class,
            LogsCommand.class,
            DeployCommand.class,
            CallCommand.class,
            CanisterGroup.class,
            IdentityGroup.class,
            NodeGroup.class,
            BenchCommand.class,
            VersionCommand.class,
            SuperviseCommand.class,
            WarmUpCommand.class,
        },
        versionProvider = Ic.Version.class,
        footer = {
            "",
            "Exit codes: 0 ok, 1 failure, 2 usage, 3 not ready, 4 rejected by a canister,",
            "5 conflict (port, lock, settings), 6 state damaged, foreign or newer, 124 timeout."
        })
public final class Ic implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "The directory of the network itself.")
    private @Nullable Path stateDirectory;

    @Option(
            names = "--network",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "The network of this name (default: local).")
    private @Nullable String network;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print one JSON object, for programs.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Print this help.")
    @SuppressWarnings("UnusedVariable") // Picocli acts on it.
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "Print the version.")
    @SuppressWarnings("UnusedVariable") // Picocli acts on it.
    private boolean version;

    private PrintStream out = System.out;
    private PrintStream err = System.err;

    /// Does what the arguments say; the exit code.
    public static int run(PrintStream out, PrintStream err, String... arguments) {
        Ic ic = new Ic();
        ic.out = out;
        ic.err = err;
        CommandLine line = new CommandLine(ic);
        line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((e, command, parsed) -> ic.tell(e));
        line.setParameterExceptionHandler((e, tokens) -> ic.tellUsage(e, tokens));
        return line.execute(arguments);
    }

    /// No command: the help.
    @Override
    public Integer call() {
        if (spec != null) {
            spec.commandLine().usage(out);
        }
        return ExitCode.USAGE.number();
    }

    Locations locations() {
        return Locations.ofProcess();
    }

    NetworkDirectory directory() {
        return NetworkDirectory.of(stateDirectory, network, locations());
    }

    boolean json() {
        return json;
    }

    PrintStream out() {
        return out;
    }

    /// A line for people, left out when a program reads.
    void say(String line) {
        if (!json) {
            out.println(line);
        }
    }

    /// A line of progress: to standard error, so that output can be piped.
    void progress(String line) {
        if (!json) {
            err.println(line);
        }
    }

    /// The one JSON object of a command, when `--json` was given.
    void print(Object object) {
        if (json) {
            out.print(Json.pretty(object));
        }
    }

    /// The version of this program.
    static String version() {
        Properties properties = new Properties();
        try (InputStream in = Ic.class.getResourceAsStream("/icj/launcher/version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "unknown");
    }

    private int tell(Exception e) {
        if (e instanceof Failure failure) {
            return tell(failure);
        }
        String message = e.getMessage() == null ? "" : ": " + e.getMessage();
        return tell(
                new Failure(
                        ExitCode.FAILURE,
                        "Unexpected " + e.getClass().getSimpleName() + message + at(e),
                        "This is a defect of ic; please report it with these lines"));
    }

    private int tell(Failure failure) {
        if (json) {
            ObjectNode object = Json.object();
            object.put("error", failure.cause());
            object.put("code", failure.code().number());
            object.put("fix", failure.fix());
            out.print(Json.pretty(object));
        } else {
            err.println("error: " + failure.cause());
            if (!failure.fix().isEmpty()) {
                err.println("  " + failure.fix());
            }
        }
        return failure.code().number();
    }

    private int tellUsage(CommandLine.ParameterException e, String[] tokens) {
        for (String token : tokens) {
            // The line could not be parsed, so the option may not have been seen.
            json |= token.equals("--json");
        }
        StringBuilder command = new StringBuilder();
        for (CommandSpec at = e.getCommandLine().getCommandSpec(); at != null; ) {
            command.insert(0, at.name() + " ");
            at = at.parent();
        }
        return tell(
                new Failure(
                        ExitCode.USAGE,
                        String.valueOf(e.getMessage()),
                        "See: " + command + "--help"));
    }

    private static String at(Exception e) {
        StackTraceElement[] trace = e.getStackTrace();
        return trace.length == 0 ? "" : " (" + trace[0] + ")";
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"ic " + version()};
        }
    }
}
