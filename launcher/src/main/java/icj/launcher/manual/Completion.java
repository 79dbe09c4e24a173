package icj.launcher.manual;

import java.util.ArrayList;
import java.util.List;

/// Completion scripts for shells: commands, options, and the words that options list.
public final class Completion {
    private Completion() {}

    /// The shells there is one for.
    public enum Shell {
        BASH,
        ZSH,
        FISH
    }

    /// The script.
    public static String of(Entry root, Shell shell) {
        return switch (shell) {
            case BASH -> bash(root);
            case ZSH -> zsh(root);
            case FISH -> fish(root);
        };
    }

    private static String bash(Entry root) {
        StringBuilder script = new StringBuilder();
        script.append("# Completion of ic for bash: source <(ic completion bash)\n");
        script.append("_ic() {\n");
        script.append("  local at=ic word i before=${COMP_WORDS[COMP_CWORD-1]} words= files=\n");
        script.append("  local typed=${COMP_WORDS[COMP_CWORD]}\n  COMPREPLY=()\n");
        descend(script, root, "COMP_WORDS[i]", "i=1; i<COMP_CWORD; i++");
        values(script, root);
        candidates(script, root);
        script.append("  if [ -n \"$files\" ]; then\n");
        script.append("    COMPREPLY=($(compgen -f -- \"$typed\"))\n  fi\n");
        script.append("  COMPREPLY+=($(compgen -W \"$words\" -- \"$typed\"))\n}\n");
        script.append("complete -o filenames -F _ic ic ./ic\n");
        return script.toString();
    }

    private static String zsh(Entry root) {
        StringBuilder script = new StringBuilder();
        script.append("#compdef ic\n# Completion of ic for zsh: source <(ic completion zsh)\n");
        script.append("_ic() {\n");
        script.append("  local at=ic word i before=${words[CURRENT-1]} files=\n");
        script.append("  local -a given=(\"${words[@]}\")\n  local words=\n");
        descend(script, root, "given[i]", "i=2; i<CURRENT; i++");
        values(script, root);
        candidates(script, root);
        script.append("  [ -z \"$files\" ] || _files\n");
        script.append("  compadd -- ${(s: :)words}\n}\n");
        script.append("compdef _ic ic ./ic\n");
        return script.toString();
    }

    /// Follows the words typed so far to the command they name.
    private static void descend(StringBuilder script, Entry root, String word, String loop) {
        script.append("  for ((").append(loop).append(")); do\n");
        script.append("    word=${").append(word).append("}\n");
        script.append("    case \"$at $word\" in\n");
        for (Entry entry : root.all()) {
            if (entry != root) {
                String parent = String.join("_", entry.path().subList(0, entry.path().size() - 1));
                script.append("      '").append(parent).append(' ').append(entry.path().getLast());
                script.append("') at=").append(String.join("_", entry.path())).append(" ;;\n");
            }
        }
        script.append("    esac\n  done\n");
    }

    /// What may follow an option that takes a value.
    private static void values(StringBuilder script, Entry root) {
        script.append("  case \"$at $before\" in\n");
        for (Entry entry : root.all()) {
            List<Entry.Option> options = new ArrayList<>(entry.options());
            for (Entry.Option option : options) {
                value(script, String.join("_", entry.path()), option);
            }
        }
        for (Entry.Option option : root.common()) {
            value(script, "*", option);
        }
        script.append("    *)\n");
    }

    private static void value(StringBuilder script, String command, Entry.Option option) {
        if (option.label().isEmpty()) {
            return;
        }
        List<String> patterns = new ArrayList<>();
        for (String name : option.names()) {
            patterns.add((command.equals("*") ? "*" : "'" + command + "'") + "' " + name + "'");
        }
        script.append("    ").append(String.join("|", patterns)).append(") ");
        if (option.choices().isEmpty()) {
            script.append("files=1 ;;\n");
        } else {
            script.append("words='").append(String.join(" ", option.choices())).append("' ;;\n");
        }
    }

    private static void candidates(StringBuilder script, Entry root) {
        script.append("    case $at in\n");
        List<String> common = new ArrayList<>();
        root.common().forEach(option -> common.addAll(option.names()));
        for (Entry entry : root.all()) {
            List<String> words = new ArrayList<>();
            entry.commands().forEach(command -> words.add(command.path().getLast()));
            boolean files = false;
            for (Entry.Argument argument : entry.arguments()) {
                if (argument.label().matches("[a-z]+(\\|[a-z]+)+")) {
                    words.addAll(List.of(argument.label().split("\\|")));
                }
                files |= argument.label().contains("FILE") || argument.label().contains("DIR");
            }
            entry.options().forEach(option -> words.addAll(option.names()));
            words.addAll(common);
            script.append("      ").append(String.join("_", entry.path())).append(") words='");
            script.append(String.join(" ", words)).append('\'');
            script.append(files ? "; files=1 ;;\n" : " ;;\n");
        }
        script.append("    esac ;;\n  esac\n");
    }

    private static String fish(Entry root) {
        StringBuilder script = new StringBuilder();
        script.append("# Completion of ic for fish: ic completion fish > ");
        script.append("~/.config/fish/completions/ic.fish\n");
        script.append("function __ic_at\n  set -l at ic\n");
        script.append("  for word in (commandline -opc)[2..-1]\n    switch \"$at $word\"\n");
        for (Entry entry : root.all()) {
            if (entry != root) {
                String parent = String.join("_", entry.path().subList(0, entry.path().size() - 1));
                script.append("      case '").append(parent).append(' ');
                script.append(entry.path().getLast()).append("'\n        set at ");
                script.append(String.join("_", entry.path())).append('\n');
            }
        }
        script.append("    end\n  end\n  test $at = $argv[1]\nend\n");
        for (Entry.Option option : root.common()) {
            fishOption(script, "", option);
        }
        for (Entry entry : root.all()) {
            String condition = " -n '__ic_at " + String.join("_", entry.path()) + "'";
            if (!entry.commands().isEmpty()) {
                script.append("complete -c ic").append(condition).append(" -f\n");
            }
            for (Entry command : entry.commands()) {
                script.append("complete -c ic").append(condition).append(" -a '");
                script.append(command.path().getLast()).append("' -d ");
                script.append(quoted(command.summary())).append('\n');
            }
            entry.options().forEach(option -> fishOption(script, condition, option));
        }
        return script.toString();
    }

    private static void fishOption(StringBuilder script, String condition, Entry.Option option) {
        script.append("complete -c ic").append(condition);
        for (String name : option.names()) {
            script.append(name.startsWith("--") ? " -l " : " -s ");
            script.append(name.replaceFirst("^-+", ""));
        }
        if (!option.label().isEmpty()) {
            script.append(" -r");
        }
        if (!option.choices().isEmpty()) {
            script.append(" -f -a '").append(String.join(" ", option.choices())).append('\'');
        }
        script.append(" -d ").append(quoted(option.text())).append('\n');
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
