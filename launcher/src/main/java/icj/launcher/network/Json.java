package icj.launcher.network;

import icj.launcher.Failure;
import icj.launcher.Problem;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// The JSON files and answers of the launcher.
public final class Json {
    private Json() {}

    /// Loaded when the first text is read or written: many commands do neither.
    private static final class Mapping {
        static final JsonMapper MAPPER =
                JsonMapper.builder()
                        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                        .build();

        static final DefaultPrettyPrinter PRINTER =
                new DefaultPrettyPrinter()
                        .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                        .withArrayIndenter(new DefaultIndenter("  ", "\n"));

        private Mapping() {}
    }

    /// An empty object; keys keep the order in which they are put.
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /// Indented text that ends in a newline.
    public static String pretty(Object value) {
        return Mapping.MAPPER.writer().with(Mapping.PRINTER).writeValueAsString(value) + "\n";
    }

    /// One line without a newline.
    public static String line(Object value) {
        return Mapping.MAPPER.writeValueAsString(value);
    }

    /// The object as `pretty` prints it, to be walked through.
    public static JsonNode tree(Object value) {
        return value instanceof JsonNode node ? node : Mapping.MAPPER.valueToTree(value);
    }

    /// Reads any JSON.
    ///
    /// @throws JacksonException when it is none
    public static JsonNode parse(String text) {
        return Mapping.MAPPER.readTree(text);
    }

    /// Reads one line into `type`.
    ///
    /// @throws JacksonException when it doesn't fit
    public static <T> T read(String line, Class<T> type) {
        return Mapping.MAPPER.readValue(line, type);
    }

    /// Reads a file of the network directory into `type`; a file that doesn't fit is damage.
    public static <T> T read(Path file, Class<T> type) {
        try {
            return Mapping.MAPPER.readValue(Files.readString(file), type);
        } catch (NoSuchFileException e) {
            throw new Failure(
                    Problem.FILE_DAMAGED,
                    file + " is missing",
                    "Restore it, or remove the directory and start a new network");
        } catch (JacksonException | IOException | IllegalArgumentException e) {
            throw new Failure(
                    Problem.FILE_DAMAGED,
                    file + " can't be read: " + firstLine(e.getMessage()),
                    "Restore it, or remove the directory and start a new network");
        }
    }

    /// The first line of a text that may be missing.
    static String firstLine(@Nullable String text) {
        return text == null ? "no reason given" : text.lines().findFirst().orElse("");
    }
}
