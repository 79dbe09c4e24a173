package icj.launcher.manual;

import icj.launcher.ExitCode;
import icj.launcher.Problem;
import icj.launcher.config.ConfigKey;
import icj.launcher.network.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What the manual says beside the commands: exit codes, environment, errors.
public final class Topics {
    /// Their names.
    public static final List<String> NAMES = List.of("environment", "errors", "exit-codes");

    private static final Map<String, String> ENVIRONMENT = environment();

    private Topics() {}

    /// The topic as text.
    public static String text(String topic) {
        StringBuilder text = new StringBuilder();
        switch (topic) {
            case "environment" ->
                    ENVIRONMENT.forEach((name, meaning) -> row(text, name, meaning, 16));
            case "errors" -> {
                for (Problem problem : Problem.values()) {
                    row(text, problem.id(), problem.cause(), 20);
                }
                text.append("\nOne of them with its remedy: ic help NAME\n");
            }
            default -> {
                for (ExitCode code : ExitCode.values()) {
                    row(text, Integer.toString(code.number()), code.meaning(), 3);
                }
            }
        }
        return text.toString();
    }

    /// The topic as an object.
    public static ObjectNode json(String topic) {
        ObjectNode object = Json.object();
        object.put("topic", topic);
        ArrayNode items = object.putArray("items");
        switch (topic) {
            case "environment" ->
                    ENVIRONMENT.forEach((name, meaning) -> item(items, name, meaning));
            case "errors" -> {
                for (Problem problem : Problem.values()) {
                    item(items, problem.id(), problem.cause());
                }
            }
            default -> {
                for (ExitCode code : ExitCode.values()) {
                    item(items, Integer.toString(code.number()), code.meaning());
                }
            }
        }
        return object;
    }

    private static Map<String, String> environment() {
        Map<String, String> variables = new TreeMap<>();
        variables.put(
                "XDG_DATA_HOME",
                "networks are in $XDG_DATA_HOME/ic/networks (default: ~/.local/share)");
        variables.put(
                "XDG_CONFIG_HOME",
                "identities are in $XDG_CONFIG_HOME/ic/identities, settings in"
                        + " $XDG_CONFIG_HOME/ic/config.yaml (default: ~/.config)");
        variables.put(
                "XDG_CACHE_HOME",
                "caches are in $XDG_CACHE_HOME/ic (default: ~/.cache); may be deleted");
        variables.put("NO_COLOR", "if not empty, there are no colours");
        variables.put("TERM", "dumb: no colours and no lines that change");
        variables.put("COLUMNS", "how wide help is set (default: 80)");
        variables.put(
                "ICJ_JAVA_HOME",
                "the JDK that ./ic uses (default: JAVA_HOME, PATH, the usual folders)");
        for (ConfigKey key : ConfigKey.values()) {
            variables.put(key.variable(), "as " + key.flag() + ", which wins: ic help config");
        }
        return variables;
    }

    /// One error as text.
    public static String text(Problem problem) {
        return String.format(
                Locale.ROOT,
                "%s (exit code %d)%nCause:  %s%nRemedy: %s%nMore:   %s%n",
                problem.id(),
                problem.exit().number(),
                problem.cause(),
                problem.remedy(),
                problem.docs());
    }

    /// One error as an object.
    public static ObjectNode json(Problem problem) {
        ObjectNode object = Json.object();
        object.put("code", problem.id());
        object.put("exit", problem.exit().number());
        object.put("cause", problem.cause());
        object.put("remedy", problem.remedy());
        object.put("docs", problem.docs());
        return object;
    }

    private static void item(ArrayNode items, String name, String meaning) {
        ObjectNode item = items.addObject();
        item.put("name", name);
        item.put("meaning", meaning);
    }

    private static void row(StringBuilder text, String name, String meaning, int width) {
        text.append(name).append(" ".repeat(Math.max(0, width - name.length())));
        text.append("  ").append(meaning).append('\n');
    }
}
