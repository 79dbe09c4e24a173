package icj.launcher.command;

import icj.launcher.manual.Schemas;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Compares a document with a committed schema, as far as those schemas go: types, properties,
/// required and additional ones, items, enumerations, patterns and alternatives.
public final class SchemaCheck {
    private static final List<String> KNOWN =
            List.of(
                    "$schema",
                    "title",
                    "description",
                    "type",
                    "properties",
                    "required",
                    "additionalProperties",
                    "items",
                    "enum",
                    "oneOf",
                    "pattern",
                    "patternProperties");

    private SchemaCheck() {}

    /// Fails when the document isn't what the schema of this name says.
    public static void check(String schema, JsonNode document) {
        check(schema, Schemas.of(schema), document);
    }

    static void check(String at, JsonNode schema, JsonNode value) {
        for (Map.Entry<String, JsonNode> entry : schema.properties()) {
            if (!KNOWN.contains(entry.getKey())) {
                throw new AssertionError(at + ": this check knows no " + entry.getKey());
            }
        }
        List<String> types = new ArrayList<>();
        JsonNode type = schema.get("type");
        if (type.isArray()) {
            type.forEach(t -> types.add(t.asString()));
        } else {
            types.add(type.asString());
        }
        if (!types.contains(typeOf(value))) {
            throw new AssertionError(at + " is " + typeOf(value) + ", not " + types);
        }
        JsonNode words = schema.get("enum");
        if (words != null && words.valueStream().noneMatch(value::equals)) {
            throw new AssertionError(at + " is " + value + ", not one of " + words);
        }
        JsonNode pattern = schema.get("pattern");
        if (pattern != null
                && !Pattern.compile(pattern.asString()).matcher(value.asString()).find()) {
            throw new AssertionError(at + " is " + value + ", not as " + pattern);
        }
        if (schema.has("oneOf")) {
            oneOf(at, schema.get("oneOf"), value);
        }
        if (value.isArray() && schema.has("items")) {
            int i = 0;
            for (JsonNode item : value) {
                check(at + "[" + i++ + "]", schema.get("items"), item);
            }
        }
        if (value.isObject()) {
            object(at, schema, value);
        }
    }

    private static void oneOf(String at, JsonNode alternatives, JsonNode value) {
        List<String> complaints = new ArrayList<>();
        for (JsonNode alternative : alternatives) {
            try {
                check(at, alternative, value);
            } catch (AssertionError e) {
                complaints.add(alternative.path("title").asString("") + ": " + e.getMessage());
            }
        }
        if (complaints.size() != alternatives.size() - 1) {
            throw new AssertionError(at + " fits not exactly one: " + complaints);
        }
    }

    private static @Nullable JsonNode byPattern(JsonNode schema, String name) {
        for (Map.Entry<String, JsonNode> entry : schema.path("patternProperties").properties()) {
            if (Pattern.compile(entry.getKey()).matcher(name).find()) {
                return entry.getValue();
            }
        }
        return null;
    }

    private static void object(String at, JsonNode schema, JsonNode value) {
        JsonNode properties = schema.path("properties");
        for (JsonNode name : schema.path("required")) {
            if (!value.has(name.asString())) {
                throw new AssertionError(at + " has no " + name.asString());
            }
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            JsonNode listed = properties.get(entry.getKey());
            JsonNode known = listed == null ? byPattern(schema, entry.getKey()) : listed;
            JsonNode others = schema.path("additionalProperties");
            if (known == null && others.isBoolean() && !others.asBoolean()) {
                throw new AssertionError(at + " has an unlisted " + entry.getKey());
            }
            if (known != null || others.isObject()) {
                check(at + "." + entry.getKey(), known == null ? others : known, entry.getValue());
            }
        }
    }

    private static String typeOf(JsonNode value) {
        if (value.isObject()) {
            return "object";
        }
        if (value.isArray()) {
            return "array";
        }
        if (value.isNull()) {
            return "null";
        }
        if (value.isBoolean()) {
            return "boolean";
        }
        return value.isIntegralNumber() ? "integer" : value.isNumber() ? "number" : "string";
    }
}
