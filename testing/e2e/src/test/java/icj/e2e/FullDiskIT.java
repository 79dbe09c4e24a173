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

    private static final int FIRST = 5;
    private static final int CALLS_MAX = 400;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    @Test
    @Timeout(600)
    void aNodeWithoutRoomEndsWithASentenceAndLosesNothing() throws Exception {
        try (Network network = Network.start(home, 1, 0)) {
            CanisterId log = network.deploy("examples/log");
            TreeSet<Long> acknowledged = new TreeSet<>();
            long sent = append(network, log, 0, FIRST, acknowledged);
            network.ic("stop").expect(0);
            Shell.Outcome start = limited(network, JOURNAL_BLOCKS, "start --background");
            if (start.exit() == 0) {
                append(network, log, sent, CALLS_MAX, acknowledged);
                assertTrue(deaths(network) > 0, "no write failed");
            } else {
                // Which file is the first to find no room is the store's affair.
                assertTrue(start.output().contains("the disk is full: make room"), start.output());
            }
            String sentence =
                    Files.readString(network.directory().resolve("nodes/1/log/console.log"));
            assertTrue(
                    sentence.contains(
                            "The disk of "
                                    + network.directory().resolve("nodes/1")
                                    + " is full: make room; the node is started again and goes on"
                                    + " where it was, nothing that was acknowledged is lost"),
                    sentence);
            network.ic("stop");
            network.resume();
            try (Agent agent = agent(network)) {
                List<Long> numbers = LogClients.read(agent, log);
                assertEquals(new TreeSet<>(numbers).size(), numbers.size(), "none stands twice");
                assertTrue(numbers.containsAll(acknowledged), acknowledged + " of " + numbers);
                assertTrue(acknowledged.size() >= FIRST);
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

    /// Appends numbers above `sent`, one after the other, at most so many, until the node dies.
    ///
    /// @return the last one that was sent
    private static long append(
            Network network, CanisterId log, long sent, int count, TreeSet<Long> acknowledged)
            throws Exception {
        long last = sent;
        long before = deaths(network);
        try (Agent agent = agent(network)) {
            while (deaths(network) == before && last < sent + count) {
                last++;
                agent.call(log, "append", Blob.owning(LogClients.arguments(last)));
                acknowledged.add(last);
            }
        } catch (AgentException e) {
            // The node died meanwhile: whether this one number stands is unknown.
            Await.until("its death is in the log", () -> deaths(network) > before);
        }
        return last;
    }
}
