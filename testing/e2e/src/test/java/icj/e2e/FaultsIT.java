package icj.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.agent.Agent;
import icj.agent.AgentException;
import icj.types.Blob;
import icj.types.CanisterId;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Four nodes of which one, then two are down: the subnet goes on with one, stands still with two,
/// and heals.
@Tag("e2e")
final class FaultsIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    @Test
    @Timeout(600)
    void oneNodeMayBeDownTwoMayNot() throws Exception {
        try (Network network = Network.start(home, 4, 1)) {
            CanisterId log = network.deploy("examples/log");
            List<Long> expected = new ArrayList<>();

            network.ic("node", "stop", "3").expect(0);
            for (String node : List.of("1", "2", "4", "nns1")) {
                append(network, node, log, expected);
            }

            network.ic("node", "start", "3").expect(0);
            network.ic("wait", "--timeout", "90").expect(0);
            catchesUp(network, "3", log, expected);
            append(network, "3", log, expected);

            network.ic("node", "stop", "2").expect(0);
            network.ic("node", "stop", "3").expect(0);
            standsStill(network, "1", log);
            standsStill(network, "4", log);
            assertEquals(expected, numbers(network, "1", log), "queries are still answered");

            network.ic("node", "start", "2").expect(0);
            for (String node : List.of("1", "2", "4")) {
                append(network, node, log, expected);
            }
            network.ic("node", "start", "3").expect(0);
            network.ic("wait", "--timeout", "90").expect(0);
            everyNodeMakesBlocks(network, log, expected);
        }
    }

    @Test
    @Timeout(300)
    void aKilledNodeComesBackAndCatchesUp() throws Exception {
        try (Network network = Network.start(home, 4, 1)) {
            CanisterId log = network.deploy("examples/log");
            List<Long> expected = new ArrayList<>();
            for (String victim : List.of("1", "2", "3", "4")) {
                append(network, victim, log, expected);
                network.ic("node", "kill", victim).expect(0);
                append(network, victim.equals("1") ? "2" : "1", log, expected);
                network.ic("wait", "--timeout", "90").expect(0);
                catchesUp(network, victim, log, expected);
            }
        }
    }

    private static void append(Network network, String node, CanisterId log, List<Long> expected)
            throws Exception {
        long number = expected.size() + 1L;
        try (Agent agent = agent(network, node, Duration.ofSeconds(60))) {
            agent.call(log, "append", Blob.owning(LogClients.arguments(number)));
        }
        expected.add(number);
    }

    /// No certificate comes: the call ends without one, with an answer that says so.
    private static void standsStill(Network network, String node, CanisterId log) throws Exception {
        try (Agent agent = agent(network, node, Duration.ofSeconds(3))) {
            AgentException e =
                    assertThrows(
                            AgentException.class,
                            () -> agent.call(log, "size", Blob.owning(LogClients.arguments())));
            assertTrue(
                    e instanceof AgentException.TimedOut
                            || (e instanceof AgentException.Refused refused
                                    && refused.status() == 503),
                    () -> "a 202 or a 503, not " + e);
        }
    }

    /// A query is one node's word at its height: after a while the node is where the others are.
    private static void catchesUp(Network network, String node, CanisterId log, List<Long> expected)
            throws Exception {
        List<Long> found = List.of();
        for (int tries = 0; tries < 100 && !found.equals(expected); tries++) {
            found = numbers(network, node, log);
        }
        assertEquals(expected, found, "node " + node + " caught up by itself");
    }

    private static List<Long> numbers(Network network, String node, CanisterId log)
            throws Exception {
        try (Agent agent = agent(network, node, Duration.ofSeconds(20))) {
            return LogClients.read(agent, log);
        }
    }

    private static Agent agent(Network network, String node, Duration timeout) throws Exception {
        return Agent.builder(network.node(node).http())
                .rootKey(network.rootKey())
                .callTimeout(timeout)
                .build();
    }

    /// The metrics of a node count the makers of delivered blocks.
    private static void everyNodeMakesBlocks(Network network, CanisterId log, List<Long> expected)
            throws Exception {
        TreeSet<String> makers = new TreeSet<>();
        for (int i = 0; i < 200 && makers.size() < 4; i++) {
            append(network, "1", log, expected);
            makers.addAll(makers(network.node("1").metrics()));
        }
        assertEquals(4, makers.size(), () -> "blocks of all four makers, seen: " + makers);
    }

    private static TreeSet<String> makers(URI metrics) throws Exception {
        String text =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(metrics.resolve("/metrics")).build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
        TreeSet<String> makers = new TreeSet<>();
        Matcher lines =
                Pattern.compile("(?m)^ic_blocks_total\\{maker=\"([^\"]+)\"\\} [1-9]").matcher(text);
        while (lines.find()) {
            makers.add(lines.group(1));
        }
        return makers;
    }
}
