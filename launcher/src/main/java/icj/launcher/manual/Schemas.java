package icj.launcher.manual;

import icj.launcher.network.Json;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The committed JSON schemas of what commands print.
public final class Schemas {
    private static final String FOLDER = "/icj/launcher/schema/";

    private Schemas() {}

    /// Of what a command prints by `--json`.
    public static JsonNode of(Entry entry) {
        List<String> path = entry.path();
        return of(String.join("-", path.subList(1, path.size())));
    }

    /// By its file name without the ending.
    public static JsonNode of(String name) {
        try (InputStream in = Schemas.class.getResourceAsStream(FOLDER + name + ".json")) {
            if (in == null) {
                throw new IllegalStateException("There is no schema " + name);
            }
            return Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
