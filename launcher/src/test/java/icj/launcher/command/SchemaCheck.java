package icj.launcher.command;

import icj.launcher.manual.Schemas;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Compares a document with a committed schema, as far as those schemas go: types, properties,
/// required and additional ones, items and enumerations.
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
                    "enum");

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

    private static void object(String at, JsonNode schema, JsonNode value) {
        JsonNode properties = schema.path("properties");
        for (JsonNode name : schema.path("required")) {
            if (!value.has(name.asString())) {
                throw new AssertionError(at + " has no " + name.asString());
            }
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            JsonNode known = properties.get(entry.getKey());
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
