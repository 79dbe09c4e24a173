package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.manual.Entry;
import icj.launcher.manual.ManPages;
import icj.launcher.manual.ManualJson;
import icj.launcher.manual.Topics;
import icj.launcher.network.Json;
import icj.launcher.text.Similar;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `ic help`: the manual, by command, topic or error.
@Command(
        name = "help",
        description = {
            "Explains a command, a topic or an error.",
            "Topics are exit-codes, environment and errors; an error is named as \"code\" in"
                    + " --json, for example port-taken."
        },
        footer = {
            "ic help start # as ic start --help",
            "ic help exit-codes # what programs branch on",
            "ic help port-taken # an error, its cause and remedy",
            "ic help --all --json # every command, option and output, for programs",
            "ic help --man-pages ~/.local/share/man/man1 # then: man ic-start"
        })
final class HelpCommand extends NetworkCommand {
    @Parameters(
            paramLabel = "WORD",
            arity = "0..*",
            description = "A command, a topic or the code of an error.")
    private List<String> words = new ArrayList<>();

    @Option(names = "--all", description = "The whole manual.")
    private boolean all;

    @Option(
            names = "--man-pages",
            paramLabel = "DIR",
            description = "Write a man page for each command into this folder.")
    private @Nullable Path manPages;

    @Override
    public Integer call() throws IOException {
        Entry root = Ic.manual();
        if (manPages != null) {
            return manPages(root, manPages);
        }
        if (all) {
            ic().print(ManualJson.of(root, Ic.version()));
            for (Entry entry : root.all()) {
                ic().say(ic().spoken(ic().helpText(root).whole(entry)));
            }
            return ExitCode.OK.number();
        }
        return explain(root, String.join(" ", words));
    }

    private int manPages(Entry root, Path folder) throws IOException {
        List<String> files = ManPages.write(root, Ic.version(), folder);
        ObjectNode object = Json.object();
        object.put("folder", folder.toString());
        files.forEach(object.putArray("files")::add);
        ic().print(object);
        ic().progress(files.size() + " man pages are in " + folder + ".");
        return ExitCode.OK.number();
    }

    private int explain(Entry root, String asked) {
        List<String> known = new ArrayList<>(Topics.NAMES);
        for (Entry entry : root.all()) {
            String name = entry.path().size() == 1 ? "" : entry.name().substring("ic ".length());
            known.add(name);
            if (name.equals(asked)) {
                ic().print(ManualJson.command(entry));
                ic().say(ic().spoken(ic().helpText(root).whole(entry)).stripTrailing());
                return ExitCode.OK.number();
            }
        }
        if (Topics.NAMES.contains(asked)) {
            ic().print(Topics.json(asked));
            ic().say(ic().spoken(Topics.text(asked)).stripTrailing());
            return ExitCode.OK.number();
        }
        for (Problem problem : Problem.values()) {
            known.add(problem.id());
            if (problem.id().equals(asked)) {
                ic().print(Topics.json(problem));
                ic().say(ic().spoken(Topics.text(problem)).stripTrailing());
                return ExitCode.OK.number();
            }
        }
        throw new Failure(
                Problem.COMMAND_LINE,
                "There is no help on \"" + asked + "\"",
                Similar.question(asked, known) + "See: ic --help, ic help errors");
    }
}
