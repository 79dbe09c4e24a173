package icj.launcher.manual;

import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One command as the manual tells of it.
///
/// @param path its words: `ic`, `canister`, `list`
/// @param summary one sentence
/// @param details further sentences
/// @param examples command lines with a word about each
/// @param arguments in their order
/// @param options its own
/// @param common those that each command takes; only the root has them
/// @param commands below it
public record Entry(
        List<String> path,
        String summary,
        List<String> details,
        List<Example> examples,
        List<Argument> arguments,
        List<Option> options,
        List<Option> common,
        List<Entry> commands) {
    /// Between an example's command line and the word about it, as in shells.
    private static final String REMARK = " # ";

    /// @param line as typed
    /// @param remark what it does
    public record Example(String line, String remark) {}

    /// @param label as shown: `CANISTER`
    /// @param text what it is
    /// @param required whether it must be given
    public record Argument(String label, String text, boolean required) {}

    /// @param names short one first
    /// @param label of its value; empty for a switch
    /// @param text what it is for
    /// @param required whether it must be given
    public record Option(List<String> names, String label, String text, boolean required) {
        public Option {
            names = List.copyOf(names);
        }

        /// The words that its value can be, where they are listed: `auto|install`.
        public List<String> choices() {
            return label.contains("|") ? List.of(label.split("\\|")) : List.of();
        }

        /// `-n, --lines N`.
        public String synopsis() {
            return String.join(", ", names) + (label.isEmpty() ? "" : " " + label);
        }
    }

    public Entry {
        path = List.copyOf(path);
        details = List.copyOf(details);
        examples = List.copyOf(examples);
        arguments = List.copyOf(arguments);
        options = List.copyOf(options);
        common = List.copyOf(common);
        commands = List.copyOf(commands);
    }

    /// The command and all below it; hidden ones are left out.
    public static Entry of(CommandSpec spec) {
        List<String> path = new ArrayList<>();
        for (CommandSpec at = spec; at != null; ) {
            path.addFirst(at.name());
            at = at.parent();
        }
        List<String> description = List.of(spec.usageMessage().description());
        List<Example> examples = new ArrayList<>();
        for (String line : spec.usageMessage().footer()) {
            int remark = line.indexOf(REMARK);
            examples.add(
                    remark < 0
                            ? new Example(line.strip(), "")
                            : new Example(
                                    line.substring(0, remark).strip(),
                                    line.substring(remark + REMARK.length()).strip()));
        }
        List<Argument> arguments = new ArrayList<>();
        for (PositionalParamSpec argument : spec.positionalParameters()) {
            arguments.add(new Argument(argument.paramLabel(), text(argument), argument.required()));
        }
        List<Option> own = new ArrayList<>();
        List<Option> common = new ArrayList<>();
        for (OptionSpec option : spec.options()) {
            if (!option.hidden()) {
                boolean shared = option.scopeType() == CommandLine.ScopeType.INHERIT;
                (shared ? common : own).add(option(option));
            }
        }
        List<Entry> commands = new ArrayList<>();
        for (CommandLine command : distinct(spec).values()) {
            if (!command.getCommandSpec().usageMessage().hidden()) {
                commands.add(of(command.getCommandSpec()));
            }
        }
        return new Entry(
                path,
                description.isEmpty() ? "" : description.getFirst(),
                description.isEmpty() ? List.of() : description.subList(1, description.size()),
                examples,
                arguments,
                own,
                path.size() == 1 ? common : List.of(),
                commands);
    }

    /// `ic canister list`.
    public String name() {
        return String.join(" ", path);
    }

    /// `ic call [OPTIONS] CANISTER METHOD [ARGS]`.
    public String synopsis() {
        StringBuilder line = new StringBuilder(name());
        for (Option option : options) {
            if (option.required) {
                line.append(' ').append(option.names.getLast()).append(' ').append(option.label);
            }
        }
        line.append(commands.isEmpty() ? " [OPTIONS]" : " COMMAND");
        for (Argument argument : arguments) {
            line.append(' ');
            line.append(argument.required ? argument.label : "[" + argument.label + "]");
        }
        return line.toString();
    }

    /// This command and all below it, in order.
    public List<Entry> all() {
        List<Entry> all = new ArrayList<>();
        all.add(this);
        commands.forEach(command -> all.addAll(command.all()));
        return all;
    }

    private static Map<String, CommandLine> distinct(CommandSpec spec) {
        Map<String, CommandLine> commands = new LinkedHashMap<>();
        spec.subcommands().forEach((_, command) -> commands.put(command.getCommandName(), command));
        return commands;
    }

    private static Option option(OptionSpec option) {
        boolean takesValue = option.arity().max() > 0;
        return new Option(
                List.of(option.names()),
                takesValue ? option.paramLabel() : "",
                text(option),
                option.required());
    }

    private static String text(ArgSpec argument) {
        String text = String.join(" ", argument.description());
        return text.replace("${DEFAULT-VALUE}", String.valueOf(argument.defaultValue()));
    }
}
