package icj.launcher.manual;

import icj.launcher.ExitCode;
import icj.launcher.Problem;
import icj.launcher.network.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/// The manual for programs: the tree of commands with the schema of what each prints by `--json`.
public final class ManualJson {
    private ManualJson() {}

    /// Everything.
    public static ObjectNode of(Entry root, String version) {
        ObjectNode object = Json.object();
        object.put("name", "ic");
        object.put("version", version);
        options(object.putArray("commonOptions"), root.common());
        ArrayNode commands = object.putArray("commands");
        for (Entry entry : root.all()) {
            if (entry != root) {
                commands.add(command(entry));
            }
        }
        ArrayNode codes = object.putArray("exitCodes");
        for (ExitCode code : ExitCode.values()) {
            codes.addObject().put("exit", code.number()).put("meaning", code.meaning());
        }
        ArrayNode problems = object.putArray("errors");
        for (Problem problem : Problem.values()) {
            problems.add(Topics.json(problem));
        }
        object.set("errorOutput", Schemas.of("error"));
        return object;
    }

    /// One command.
    public static ObjectNode command(Entry entry) {
        ObjectNode object = Json.object();
        object.put("name", entry.name());
        object.put("summary", entry.summary());
        object.put("synopsis", entry.synopsis());
        entry.details().forEach(object.putArray("details")::add);
        ArrayNode examples = object.putArray("examples");
        for (Entry.Example example : entry.examples()) {
            examples.addObject().put("line", example.line()).put("remark", example.remark());
        }
        ArrayNode arguments = object.putArray("arguments");
        for (Entry.Argument argument : entry.arguments()) {
            ObjectNode item = arguments.addObject();
            item.put("label", argument.label());
            item.put("text", argument.text());
            item.put("required", argument.required());
        }
        options(object.putArray("options"), entry.options());
        ArrayNode commands = object.putArray("commands");
        entry.commands().forEach(command -> commands.add(command.name()));
        if (entry.commands().isEmpty()) {
            object.set("output", Schemas.of(entry));
        }
        return object;
    }

    private static void options(ArrayNode array, List<Entry.Option> options) {
        for (Entry.Option option : options) {
            ObjectNode item = array.addObject();
            option.names().forEach(item.putArray("names")::add);
            item.put("value", option.label());
            item.put("text", option.text());
            item.put("required", option.required());
        }
    }
}
