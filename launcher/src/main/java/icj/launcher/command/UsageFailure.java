package icj.launcher.command;

import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.text.Similar;

import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

import java.util.ArrayList;
import java.util.List;

/// A command line that can't be read, told by the word that is wrong and the one that was meant.
final class UsageFailure {
    private UsageFailure() {}

    static Failure of(CommandLine.ParameterException e) {
        CommandLine at = e.getCommandLine();
        String command = at.getCommandSpec().qualifiedName(" ");
        String help = "See: " + command + " -h";
        return switch (e) {
            case CommandLine.UnmatchedArgumentException unmatched
                    when !unmatched.getUnmatched().isEmpty() ->
                    unmatched(at, command, unmatched.getUnmatched().getFirst(), help);
            case CommandLine.MissingParameterException missing ->
                    failure(command + " needs " + names(missing.getMissing()), help);
            case CommandLine.OverwrittenOptionException twice ->
                    failure(twice.getOverwritten().paramLabel() + " was given twice", help);
            default -> failure(firstLine(e), help);
        };
    }

    private static Failure unmatched(CommandLine at, String command, String word, String help) {
        CommandSpec spec = at.getCommandSpec();
        if (word.startsWith("-")) {
            List<String> known = new ArrayList<>();
            for (OptionSpec option : spec.options()) {
                if (!option.hidden()) {
                    known.addAll(List.of(option.names()));
                }
            }
            String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
            return failure(
                    command + " has no option " + name, Similar.question(name, known) + help);
        }
        if (!spec.subcommands().isEmpty()) {
            List<String> known = new ArrayList<>();
            spec.subcommands()
                    .forEach((name, sub) -> {
                        if (!sub.getCommandSpec().usageMessage().hidden()) {
                            known.add(name);
                        }
                    });
            return failure(
                    "There is no command \"" + command + " " + word + "\"",
                    Similar.question(word, known) + help);
        }
        return failure(command + " takes no further argument \"" + word + "\"", help);
    }

    private static String names(List<ArgSpec> missing) {
        List<String> names = new ArrayList<>();
        for (ArgSpec argument : missing) {
            names.add(
                    argument instanceof OptionSpec option
                            ? option.longestName() + " " + option.paramLabel()
                            : argument.paramLabel());
        }
        return String.join(" and ", names);
    }

    private static Failure failure(String cause, String fix) {
        return new Failure(Problem.COMMAND_LINE, cause, fix);
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
