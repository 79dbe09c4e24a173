package icj.launcher.command;

import icj.agent.AgentException;
import icj.launcher.ExitCode;
import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.config.Config;
import icj.launcher.config.ConfigKey;
import icj.launcher.manual.Entry;
import icj.launcher.manual.HelpText;
import icj.launcher.network.Json;
import icj.launcher.network.Locations;
import icj.launcher.network.NetworkDirectory;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
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
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The root of all commands: the options that each takes, what is printed where, and how a failure
/// is told. Data goes to standard output, all messages to standard error.
@Command(
        name = "ic",
        description = "Runs networks of Internet Computer nodes on this machine and talks to them.",
        versionProvider = Ic.Version.class,
        footer = {
            "ic start --background # one NNS node and an application subnet of four nodes",
            "ic deploy examples/counter # a canister; prints its id",
            "ic call counter inc # an update through consensus",
            "ic stop # ic start resumes it"
        })
public final class Ic implements Callable<Integer> {
    /// What the command is called where it was typed: `./ic` sets it.
    private static final String COMMAND = "icj.command";

    /// `ic` as a word of its own before a command's name.
    private static final Pattern OWN_NAME = Pattern.compile("(?<![\\w./-])ic (?=[a-z-])");

    /// Commands that concern one network, as remedies name them.
    private static final Pattern OF_NETWORK =
            Pattern.compile("(?<![\\w./-])ic (start|stop|status|wait|logs|deploy)(?![\\w-])");

    private static final int WIDTH_DEFAULT = 80;

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
            description = "The network of this name (default: local, or see: ic config show).")
    private @Nullable String network;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print one JSON object, for programs; streams print one a line.")
    private boolean json;

    @Option(
            names = "--plain",
            scope = ScopeType.INHERIT,
            description = "Print what --json prints as lines of name, tab and value, for grep.")
    private boolean plain;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "Print data and errors only.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Say more, such as how long each step took.")
    private boolean verbose;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "As --verbose, and print where in the program an error is from.")
    private boolean debug;

    @Option(
            names = "--no-input",
            scope = ScopeType.INHERIT,
            description = "Ask nothing, on a terminal either: what would be asked fails.")
    private boolean noInput;

    @Option(
            names = "--no-color",
            scope = ScopeType.INHERIT,
            description = "No colours; NO_COLOR and TERM=dumb mean the same.")
    private boolean noColor;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "-h prints a short help, --help all of it, with examples.")
    @SuppressWarnings("UnusedVariable") // Picocli acts on it.
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "Print the version.")
    @SuppressWarnings("UnusedVariable") // Picocli acts on it.
    private boolean version;

    private PrintStream out = System.out;
    private PrintStream err = System.err;
    private Terminal terminal = Terminal.NONE;
    private boolean streaming;
    private @Nullable Config config;

    /// Does what the arguments say; the exit code.
    public static int run(PrintStream out, PrintStream err, String... arguments) {
        Ic ic = new Ic();
        ic.out = out;
        ic.err = err;
        ic.terminal = Terminal.of(out, err, System.getenv());
        CommandLine line = new CommandLine(ic);
        Commands.named(line, arguments);
        line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionStrategy(ic::execute);
        line.setExecutionExceptionHandler((e, command, parsed) -> ic.tell(e));
        line.setParameterExceptionHandler((e, tokens) -> ic.tellUsage(e, tokens));
        return line.execute(arguments);
    }

    /// For tests of what is printed.
    static Ic printingTo(PrintStream out) {
        Ic ic = new Ic();
        ic.out = out;
        ic.err = out;
        return ic;
    }

    /// The commands, for the manual.
    public static Entry manual() {
        CommandLine line = new CommandLine(new Ic());
        Commands.all(line);
        return Entry.of(line.getCommandSpec());
    }

    /// No command: the help.
    @Override
    public Integer call() {
        return group();
    }

    /// A group of commands without one of them: its help for people, an error for programs.
    int group() {
        CommandSpec known = spec;
        if (known == null) {
            throw new IllegalStateException("Picocli sets the specification");
        }
        ParseResult parsed = known.commandLine().getParseResult();
        if (json || plain) {
            String name = entry(parsed).name();
            throw new Failure(
                    Problem.COMMAND_LINE, name + " needs a command", "See: " + name + " --help");
        }
        out.print(help(parsed));
        return ExitCode.USAGE.number();
    }

    Locations locations() {
        return Locations.ofProcess();
    }

    /// What holds where the command line says nothing; read when it is first needed.
    Config config() {
        Config known = config;
        if (known == null) {
            known = Config.of(System.getenv(), Path.of(""), locations());
            config = known;
        }
        return known;
    }

    NetworkDirectory directory() {
        String name =
                stateDirectory == null && network == null
                        ? config().text(ConfigKey.NETWORK)
                        : network;
        return NetworkDirectory.of(stateDirectory, name, locations());
    }

    /// Who calls: the identity that was given, or the one for those who give none.
    String identity(@Nullable String given) {
        return given == null ? config().text(ConfigKey.IDENTITY) : given;
    }

    /// Whether `--state-dir` or `--network` was given.
    boolean namesNetwork() {
        return stateDirectory != null || network != null;
    }

    boolean json() {
        return json;
    }

    boolean quiet() {
        return quiet;
    }

    /// ` --network test`, as this network must be named in further commands; empty for the default.
    String networkFlag(NetworkDirectory directory) {
        return stateDirectory == null ? networkFlag() : " --state-dir " + directory.root();
    }

    private String networkFlag() {
        if (stateDirectory != null) {
            return " --state-dir " + stateDirectory.toAbsolutePath().normalize();
        }
        if (network != null) {
            return " --network " + network;
        }
        // A variable may stand before this one command; a file holds for the next ones as well.
        Config.Value said = config == null ? null : config.value(ConfigKey.NETWORK);
        return said != null && said.origin() == Config.Origin.ENVIRONMENT
                ? " --network " + said.text()
                : "";
    }

    /// A remedy whose commands mean the network that this command meant.
    private String remedy(String fix) {
        return fix.contains(" --network ") || fix.contains(" --state-dir ")
                ? fix
                : OF_NETWORK
                        .matcher(fix)
                        .replaceAll("ic $1" + Matcher.quoteReplacement(networkFlag()));
    }

    boolean verbose() {
        return verbose || debug;
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    Terminal terminal() {
        return terminal;
    }

    /// A line of data for people, left out when a program reads; in a stream it is plain already.
    void say(String line) {
        if (!json && (!plain || streaming)) {
            out.println(line);
        }
    }

    /// A message: to standard error, so that output can be piped.
    void progress(String line) {
        if (!json && !quiet) {
            err.println(spoken(line));
        }
    }

    /// A message on standard error also where a program reads standard output.
    void aside(String line) {
        if (!quiet) {
            err.println(spoken(line));
        }
    }

    /// Something that is not as it should be, though the command goes on.
    void warn(Failure failure) {
        err.println(terminal.err(Terminal.Style.YELLOW, "warning: ") + spoken(failure.cause()));
        err.println("  " + spoken(remedy(failure.fix())));
    }

    /// A message for those who want to know more.
    void detail(String line) {
        if (verbose() && !json) {
            err.println(terminal.err(Terminal.Style.DIM, spoken(line)));
        }
    }

    /// What to do next, after a success.
    void next(String command) {
        progress(terminal.err(Terminal.Style.DIM, "Next: ") + command);
    }

    /// Whether a question may be asked: a person reads and answers.
    boolean mayAsk() {
        return !json && !plain && !noInput && terminal.in() && terminal.err();
    }

    /// Whether a line that changes may be shown on standard error.
    boolean mayAnimate() {
        return !json && !plain && !quiet && terminal.err();
    }

    /// The one JSON object of a command, when `--json` or `--plain` was given.
    void print(Object object) {
        if (json) {
            out.print(Json.pretty(object));
        } else if (plain && !streaming) {
            out.print(PlainText.of(Json.tree(object)));
        }
    }

    /// From now on each object is a line, an error too.
    void streaming() {
        streaming = true;
    }

    /// A line of NDJSON of a command that prints a stream.
    void printLine(Object object) {
        out.println(Json.line(object));
    }

    /// The text with the command as it is typed here, so that it can be copied.
    String spoken(String text) {
        String command = System.getProperty(COMMAND, "ic");
        return command.equals("ic")
                ? text
                : OWN_NAME.matcher(text).replaceAll(Matcher.quoteReplacement(command + " "));
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

    private int execute(ParseResult parsed) {
        if (noColor || plain) {
            terminal = terminal.withoutColours();
        }
        List<CommandLine> commands = parsed.asCommandLineList();
        CommandLine last = commands.getLast();
        if (last.isUsageHelpRequested()) {
            out.print(help(last.getParseResult()));
            return ExitCode.OK.number();
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    /// The command that the line means.
    private static Entry entry(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        return Entry.of(last.commandSpec());
    }

    private String help(ParseResult parsed) {
        Entry root = manual();
        String name = entry(parsed).name();
        HelpText text = helpText(root);
        for (Entry entry : root.all()) {
            if (entry.name().equals(name)) {
                return spoken(
                        parsed.originalArgs().contains("--help") || entry == root
                                ? text.whole(entry)
                                : text.brief(entry));
            }
        }
        return spoken(text.whole(root));
    }

    HelpText helpText(Entry root) {
        return new HelpText(root, width(), title -> terminal.out(Terminal.Style.BOLD, title));
    }

    /// Columns of the terminal as shells export them.
    int width() {
        try {
            String columns = System.getenv("COLUMNS");
            return columns == null ? WIDTH_DEFAULT : Integer.parseInt(columns);
        } catch (NumberFormatException e) {
            return WIDTH_DEFAULT;
        }
    }

    private int tell(Exception e) {
        Failure failure = Failures.of(e);
        if (debug || verbose && failure.problem() == Problem.DEFECT) {
            StringBuilder trace = new StringBuilder(e.toString());
            for (StackTraceElement element : e.getStackTrace()) {
                trace.append("\n    at ").append(element);
            }
            detail(trace.toString());
        }
        return tell(failure);
    }

    private int tell(Failure failure) {
        if (json) {
            ObjectNode object = Json.object();
            object.put("error", failure.cause());
            object.put("code", failure.problem().id());
            object.put("exit", failure.code().number());
            object.put("fix", remedy(failure.fix()));
            object.put("docs", failure.problem().docs());
            if (failure.getCause() instanceof AgentException.Rejected rejected) {
                object.put("reject_code", rejected.code());
                object.put("reject_message", rejected.rejection());
                if (rejected.errorCode() != null) {
                    object.put("error_code", rejected.errorCode());
                }
            }
            out.print(streaming ? Json.line(object) + "\n" : Json.pretty(object));
        } else {
            err.println(terminal.err(Terminal.Style.RED, "error: ") + spoken(failure.cause()));
            if (!failure.fix().isEmpty()) {
                err.println("  " + spoken(remedy(failure.fix())));
            }
        }
        return failure.code().number();
    }

    private int tellUsage(CommandLine.ParameterException e, String[] tokens) {
        for (String token : tokens) {
            // The line could not be parsed, so the options may not have been seen.
            json |= token.equals("--json");
            noColor |= token.equals("--no-color");
        }
        if (noColor) {
            terminal = terminal.withoutColours();
        }
        return tell(UsageFailure.of(e));
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"ic " + version()};
        }
    }
}
