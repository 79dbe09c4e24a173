package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.config.Config;
import icj.launcher.config.ConfigKey;
import icj.launcher.network.Json;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.Locale;

/// `ic config`: what holds where a command line says nothing.
@Command(
        name = "config",
        description = {
            "Shows what holds where a command line says nothing, and who says so.",
            "A flag wins over a variable IC_..., this over ic.yaml in the working directory or"
                    + " above it, this over config.yaml of the user, this over the default. What is"
                    + " said of nodes and ports is for new networks: one that exists keeps its own."
        },
        subcommands = {ConfigGroup.Show.class, ConfigGroup.Schema.class},
        footer = {
            "ic config show --origin # each value and where it is from",
            "ic config show > ic.yaml # a file to begin with"
        })
final class ConfigGroup extends NetworkCommand {
    @Override
    public Integer call() {
        return ic().group();
    }

    @Command(
            name = "show",
            description = "Prints what holds, as an ic.yaml.",
            footer = {
                "ic config show",
                "ic config show --origin # and where it is from",
                "IC_NETWORK=test ic config show --json # for programs"
            })
    static final class Show extends NetworkCommand {
        @Option(names = "--origin", description = "Say where each value is from.")
        private boolean origin;

        @Override
        public Integer call() {
            Config config = ic().config();
            ObjectNode object = Json.object();
            ArrayNode values = object.putArray("values");
            for (ConfigKey key : ConfigKey.values()) {
                Config.Value value = config.value(key);
                ObjectNode item = values.addObject();
                item.put("key", key.key());
                item.put("value", value.text());
                item.put("origin", value.origin().text());
                item.put("place", value.place());
                ic().say(line(key, value));
            }
            Path project = config.projectFile();
            object.put("projectFile", project == null ? null : project.toString());
            object.put("userFile", config.userFile().toString());
            ic().print(object);
            return ExitCode.OK.number();
        }

        private String line(ConfigKey key, Config.Value value) {
            String pair = key.key() + ": " + quoted(value.text());
            String from =
                    value.origin() == Config.Origin.DEFAULT ? value.origin().text() : value.place();
            return origin ? String.format(Locale.ROOT, "%-24s # %s", pair, from) : pair;
        }

        /// As YAML has it: a path or an address may hold signs that mean something there.
        private static String quoted(String text) {
            return text.matches("[A-Za-z0-9][A-Za-z0-9._/-]*")
                    ? text
                    : "'" + text.replace("'", "''") + "'";
        }
    }

    @Command(
            name = "schema",
            description = {
                "Prints the JSON Schema of ic.yaml and config.yaml, for editors.",
                "Many editors take it from a first line \"# yaml-language-server: $schema=FILE\"."
            },
            footer = {"ic config schema > ic.schema.json"})
    static final class Schema extends NetworkCommand {
        @Override
        public Integer call() {
            ObjectNode schema = Config.schema();
            ic().print(schema);
            ic().say(Json.pretty(schema).stripTrailing());
            return ExitCode.OK.number();
        }
    }
}
