package icj.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.agent.Agent;
import icj.agent.AgentException;
import icj.testing.Await;
import icj.types.Blob;
import icj.types.CanisterId;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;

/// No room on the disk: a limit on the size of files, which needs no rights, lets writes fail as a
/// full disk does.
@Tag("e2e")
final class FullDiskIT {
    /// In blocks of 512 bytes, or of 1024 where `sh` counts so.
    private static final int JOURNAL_BLOCKS = 64;

    private static final int CALLS_MAX = 400;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    @Test
    @Timeout(600)
    void aNodeWithoutRoomEndsWithASentenceAndLosesNothing() throws Exception {
        try (Network network = Network.in(home)) {
            limited(
                            network,
                            JOURNAL_BLOCKS,
                            "start --nodes 1 --nns-nodes 0 --port auto --background")
                    .expect(0);
            CanisterId log = network.deploy("examples/log");
            TreeSet<Long> acknowledged = new TreeSet<>();
            long sent = 0;
            sent = appendUntilItFails(network, log, sent, acknowledged);
            assertTrue(deaths(network) > 0, "no write failed in " + sent + " calls");
            // The node makes room itself when it starts, since it writes a new journal file.
            Await.until("the node runs again", () -> network.ic("status").exit() == 0);
            sent = appendUntilItFails(network, log, sent, acknowledged);
            String sentence =
                    Files.readString(network.directory().resolve("nodes/1/log/console.log"));
            assertTrue(
                    sentence.contains(
                            "The disk of "
                                    + network.directory().resolve("nodes/1")
                                    + " is full: make room; the node is started again and goes on"
                                    + " where it was, nothing that was acknowledged is lost"),
                    sentence);
            network.ic("stop").expect(0);
            network.resume();
            try (Agent agent = agent(network)) {
                List<Long> numbers = LogClients.read(agent, log);
                assertEquals(new TreeSet<>(numbers).size(), numbers.size(), "none stands twice");
                assertTrue(numbers.containsAll(acknowledged), acknowledged + " of " + numbers);
                assertTrue(!acknowledged.isEmpty());
            }
        }
    }

    @Test
    @Timeout(300)
    void aStartWithoutRoomSaysSo() {
        Network network = Network.in(home);
        Shell.Outcome noGenesis =
                limited(network, 1, "start --nodes 1 --nns-nodes 0 --port auto --background")
                        .expect(1);
        assertTrue(noGenesis.output().contains("error: The disk is full"), noGenesis.output());
        assertTrue(noGenesis.output().contains("Make room"), noGenesis.output());
        Shell.Outcome noJournal =
                limited(network, 8, "start --nodes 1 --nns-nodes 0 --port auto --background")
                        .expect(1);
        assertTrue(
                noJournal.output().contains("Node 1 can't run: the disk is full: make room"),
                noJournal.output());
        try (Network roomy = network) {
            roomy.ic("start", "--nodes", "1", "--nns-nodes", "0", "--port", "auto", "--background")
                    .expect(0);
            roomy.deploy("examples/counter");
        }
    }

    /// Runs `./ic ARGUMENTS` in a shell whose children may write no longer files.
    private Shell.Outcome limited(Network network, int blocks, String arguments) {
        return Shell.run(
                home,
                network.environment(),
                Duration.ofSeconds(120),
                List.of(
                        "sh",
                        "-c",
                        "ulimit -f "
                                + blocks
                                + " && exec \"$0\" "
                                + arguments
                                + " --state-dir \"$1\"",
                        Network.ROOT.resolve("ic").toString(),
                        network.directory().toString()));
    }

    private static long deaths(Network network) throws IOException {
        return Files.readAllLines(network.directory().resolve("supervisor.log")).stream()
                .filter(line -> line.endsWith("node 1 ended with exit code 7"))
                .count();
    }

    private static Agent agent(Network network) throws AgentException {
        return Agent.builder(network.node("1").http())
                .rootKey(network.rootKey())
                .callTimeout(Duration.ofSeconds(30))
                .build();
    }

    /// Appends numbers above `sent`, one after the other.
    ///
    /// @return the last one that was sent
    private static long appendUntilItFails(
            Network network, CanisterId log, long sent, TreeSet<Long> acknowledged)
            throws Exception {
        long last = sent;
        long before = deaths(network);
        long end = sent + CALLS_MAX;
        try (Agent agent = agent(network)) {
            while (deaths(network) == before && last < end) {
                last++;
                agent.call(log, "append", Blob.owning(LogClients.arguments(last)));
                acknowledged.add(last);
            }
        } catch (AgentException e) {
            // The node died meanwhile: whether this one number stands is unknown.
            return last;
        }
        return last;
    }
}
