package icj.launcher.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import icj.launcher.manual.Entry;
import icj.launcher.network.Json;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/// What commands print by `--json`, as the end-to-end tests have recorded it from real networks, is
/// what the committed schemas say; and every command is among them or in a test of this module.
final class TranscriptSchemasTest {
    private static final Path SESSION =
            Path.of(
                    System.getProperty("icj.root"),
                    "testing/e2e/src/test/resources/transcripts/first-steps.txt");

    /// Commands whose output other tests compare with its schema: they need no network, or print
    /// what differs too much from run to run.
    private static final List<String> ELSEWHERE =
            List.of(
                    "bench",
                    "completion",
                    "config-schema",
                    "config-show",
                    "doctor",
                    "export-logs",
                    "help");

    @Test
    void everyRecordedOutputFitsItsSchema() throws Exception {
        List<String> lines = Files.readAllLines(SESSION);
        TreeSet<String> seen = new TreeSet<>(ELSEWHERE);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!line.startsWith("$ ") || !line.contains(" --json")) {
                continue;
            }
            StringBuilder text = new StringBuilder();
            for (int j = i + 1; j < lines.size() && isOutput(lines.get(j)); j++) {
                text.append(lines.get(j)).append('\n');
            }
            JsonNode document = Json.parse(text.toString());
            String command = command(line);
            seen.add(command);
            SchemaCheck.check(document.has("error") ? "error" : command, document);
        }
        assertEquals(commands(), seen, "each command has a recorded output");
    }

    @Test
    void whatNeedsNoNetworkFitsItsSchema() {
        IcCalls calls = new IcCalls();
        for (List<String> line :
                List.of(
                        List.of("completion", "fish"),
                        List.of("help", "start"),
                        List.of("help", "exit-codes"),
                        List.of("help", "--all"),
                        List.of("version"))) {
            assertEquals(0, calls.run(line, "--json"), calls.out() + calls.err());
            assertEquals("", calls.err());
            SchemaCheck.check(line.getFirst(), Json.parse(calls.out()));
        }
        for (String command : List.of("show", "schema")) {
            assertEquals(0, calls.run(List.of("config", command), "--json"), calls.err());
            SchemaCheck.check("config-" + command, Json.parse(calls.out()));
        }
        calls.run(List.of("doctor"), "--json");
        SchemaCheck.check("doctor", Json.parse(calls.out()));
        calls.run(List.of("statsu"), "--json");
        SchemaCheck.check("error", Json.parse(calls.out()));
    }

    private static boolean isOutput(String line) {
        return !line.startsWith("$ ")
                && !line.startsWith("#")
                && !line.startsWith("! ")
                && !line.matches("\\[\\d+\\]");
    }

    /// `$ ic wait -q; ic node kill 1 --json` is `node-kill`.
    private static String command(String line) {
        String last = line.substring(line.lastIndexOf("ic ") + "ic ".length());
        String found = "";
        for (Entry entry : Ic.manual().all()) {
            List<String> words = entry.path().subList(1, entry.path().size());
            if (last.startsWith(String.join(" ", words) + " ")) {
                String name = String.join("-", words);
                found = name.length() > found.length() ? name : found;
            }
        }
        return found;
    }

    /// Those that print something by themselves.
    private static TreeSet<String> commands() {
        TreeSet<String> names = new TreeSet<>();
        for (Entry entry : Ic.manual().all()) {
            if (entry.commands().isEmpty()) {
                names.add(String.join("-", entry.path().subList(1, entry.path().size())));
            }
        }
        return names;
    }
}
