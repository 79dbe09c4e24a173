package icj.e2e;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Chromium without a screen, driven over its debugging protocol.
final class Browser implements AutoCloseable {
    private static final List<String> NAMES =
            List.of("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome");
    private static final String LISTENING = "DevTools listening on ";
    private static final long ANSWER_SECONDS_MAX = 60;

    private final Process process;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonNode>> open;
    private final AtomicInteger ids = new AtomicInteger();

    private Browser(
            Process process, WebSocket socket, Map<Integer, CompletableFuture<JsonNode>> open) {
        this.process = process;
        this.socket = socket;
        this.open = open;
    }

    /// The program, or null when this machine has none.
    static Path find() {
        for (String folder : System.getenv("PATH").split(":")) {
            for (String name : NAMES) {
                Path program = Path.of(folder, name);
                if (Files.isExecutable(program)) {
                    return program;
                }
            }
        }
        return null;
    }

    /// Shows a page.
    ///
    /// @param profile an empty folder for what it keeps
    static Browser show(Path program, Path profile, URI page) throws Exception {
        Process process =
                new ProcessBuilder(
                                program.toString(),
                                "--headless",
                                // Its sandbox can't be made by the super-user, as whom CI runs.
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--window-size=900,600",
                                "--remote-debugging-port=0",
                                "--user-data-dir=" + profile,
                                page.toString())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        URI debugging = URI.create(listening(process));
        URI list = URI.create("http://127.0.0.1:" + debugging.getPort() + "/json/list");
        try (HttpClient http = HttpClient.newHttpClient()) {
            String targets =
                    http.send(
                                    HttpRequest.newBuilder(list).build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body();
            for (JsonNode target : JsonMapper.shared().readTree(targets)) {
                if (target.get("type").asString().equals("page")) {
                    return attach(process, target.get("webSocketDebuggerUrl").asString());
                }
            }
            throw new AssertionError("the browser shows no page: " + targets);
        }
    }

    private static String listening(Process process) throws IOException {
        BufferedReader messages =
                new BufferedReader(
                        new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = messages.readLine(); line != null; line = messages.readLine()) {
            if (line.startsWith(LISTENING)) {
                Thread.ofPlatform().daemon().start(() -> messages.lines().forEach(l -> {}));
                return line.substring(LISTENING.length());
            }
            said.append(line).append('\n');
        }
        throw new AssertionError("the browser ended:\n" + said);
    }

    private static Browser attach(Process process, String address) throws Exception {
        Map<Integer, CompletableFuture<JsonNode>> open = new ConcurrentHashMap<>();
        WebSocket.Listener listener =
                new WebSocket.Listener() {
                    private final StringBuilder text = new StringBuilder();

                    @Override
                    public CompletionStage<?> onText(
                            WebSocket socket, CharSequence part, boolean last) {
                        text.append(part);
                        if (last) {
                            JsonNode message = JsonMapper.shared().readTree(text.toString());
                            text.setLength(0);
                            CompletableFuture<JsonNode> asked =
                                    open.remove(message.path("id").asInt(0));
                            if (asked != null) {
                                asked.complete(message);
                            }
                        }
                        socket.request(1);
                        return null;
                    }
                };
        // Not closed: that would wait for the socket, which the browser's end closes.
        HttpClient http = HttpClient.newHttpClient();
        WebSocket socket =
                http.newWebSocketBuilder()
                        .buildAsync(URI.create(address), listener)
                        .get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
        return new Browser(process, socket, open);
    }

    /// Waits until an expression has a value that JavaScript takes for true, and returns it.
    String await(String expression) throws Exception {
        String promise =
                """
                new Promise((done) => {
                  const look = () => { const found = (%s); if (found) { done(String(found)); } };
                  new MutationObserver(look).observe(
                    document,
                    { attributes: true, characterData: true, childList: true, subtree: true });
                  document.addEventListener('DOMContentLoaded', look);
                  look();
                })
                """
                        .formatted(expression);
        while (true) {
            JsonNode answer = evaluate(promise);
            // The page was changed for another one while we waited: ask that one.
            if (!answer.has("error")) {
                return answer.at("/result/result/value").asString();
            }
        }
    }

    /// Runs a statement.
    void run(String statement) throws Exception {
        JsonNode answer = evaluate(statement);
        if (answer.has("error") || answer.at("/result").has("exceptionDetails")) {
            throw new AssertionError(statement + ": " + answer);
        }
    }

    /// Keeps what the page looks like, as PNG.
    void screenshot(Path file) throws Exception {
        JsonNode answer = ask("Page.captureScreenshot", JsonMapper.shared().createObjectNode());
        Files.write(file, Base64.getDecoder().decode(answer.at("/result/data").asString()));
    }

    private JsonNode evaluate(String expression) throws Exception {
        ObjectNode parameters = JsonMapper.shared().createObjectNode();
        parameters.put("expression", expression);
        parameters.put("awaitPromise", true);
        parameters.put("returnByValue", true);
        return ask("Runtime.evaluate", parameters);
    }

    private JsonNode ask(String method, ObjectNode parameters) throws Exception {
        int id = ids.incrementAndGet();
        ObjectNode message = JsonMapper.shared().createObjectNode();
        message.put("id", id);
        message.put("method", method);
        message.set("params", parameters);
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        open.put(id, answer);
        socket.sendText(message.toString(), true).get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
        return answer.get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
        socket.abort();
    }
}
