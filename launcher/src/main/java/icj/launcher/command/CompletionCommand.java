package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.manual.Completion;
import icj.launcher.network.Json;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ObjectNode;

import java.util.Locale;

/// `ic completion`: a script that completes commands and options in a shell.
@Command(
        name = "completion",
        description = "Prints a script that lets a shell complete commands and options.",
        footer = {
            "source <(ic completion bash) # in ~/.bashrc",
            "source <(ic completion zsh) # in ~/.zshrc, after compinit",
            "ic completion fish > ~/.config/fish/completions/ic.fish"
        })
final class CompletionCommand extends NetworkCommand {
    @Parameters(paramLabel = "bash|zsh|fish", description = "Which shell.")
    private Completion.Shell shell = Completion.Shell.BASH;

    @Override
    public Integer call() {
        String script = Completion.of(Ic.manual(), shell);
        ObjectNode object = Json.object();
        object.put("shell", shell.name().toLowerCase(Locale.ROOT));
        object.put("script", script);
        ic().print(object);
        ic().say(script.stripTrailing());
        return ExitCode.OK.number();
    }
}
