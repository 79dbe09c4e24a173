package icj.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.agent.Agent;
import icj.testing.Await;
import icj.testing.Prng;
import icj.types.Blob;
import icj.types.CanisterId;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/// The processes of a network under load are killed with -9, again and again, all at once and one
/// after the other: what was acknowledged stands exactly once, what has an unknown outcome at most
/// once (R-I5).
@Tag("e2e")
final class KillsIT {
    private static final int CLIENTS = 16;
    private static final int OPEN_CALLS = 10;

    /// A short form for every build; the long one by hand with -Dkills=100.
    private static final int KILLS = Integer.getInteger("kills", 10);

    private static final long LOOK_NANOS = 50_000_000L;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    @Test
    @Timeout(1800)
    void noAcknowledgedUpdateIsLostOrDoubled() throws Exception {
        Prng random = Prng.fromProperty();
        Network network = Network.start(home, 4, 1);
        try {
            CanisterId log = network.deploy("examples/log");
            Map<Long, LogClients.Fate> fates = new TreeMap<>();
            long next = 1;
            for (int kill = 1; kill <= KILLS; kill++) {
                List<URI> nodes = network.nodes().stream().map(Network.Node::http).toList();
                try (LogClients clients =
                        new LogClients(log, network.rootKey(), next)
                                .start(CLIENTS, OPEN_CALLS, nodes)) {
                    long millis = untilTheKill(random);
                    network.killAll();
                    clients.stop();
                    next = clients.nextNumber();
                    fates.putAll(clients.fates());
                    System.out.println(
                            "kill "
                                    + kill
                                    + ": "
                                    + clients.acknowledged()
                                    + " acknowledged in "
                                    + millis
                                    + " ms, failures "
                                    + clients.failures());
                }
                network.resume();
                check(network, log, fates);
            }
            assertTrue(
                    fates.containsValue(LogClients.Fate.ACKNOWLEDGED),
                    "the clients never got through: the test shows nothing");
        } finally {
            network.close();
        }
    }

    /// The clients go on meanwhile, so that three nodes of four are warm and carry a real load.
    @Test
    @Timeout(1800)
    void nodesThatDieOneAfterTheOtherLoseNothing() throws Exception {
        Prng random = Prng.fromProperty();
        try (Network network = Network.start(home, 4, 1)) {
            CanisterId log = network.deploy("examples/log");
            List<Network.Node> nodes = network.nodes();
            Map<Long, LogClients.Fate> fates;
            try (LogClients clients =
                    new LogClients(log, network.rootKey(), 1)
                            .start(
                                    CLIENTS,
                                    OPEN_CALLS,
                                    nodes.stream().map(Network.Node::http).toList())) {
                long start = System.nanoTime();
                for (int kill = 0; kill < KILLS; kill++) {
                    untilTheKill(random);
                    kill(network, nodes.get(kill % nodes.size()).name());
                }
                double seconds = (System.nanoTime() - start) / 1e9;
                clients.stop();
                fates = clients.fates();
                System.out.printf(
                        "%d kills of one node: %d acknowledged in %.0f s, %.0f/s, failures %s%n",
                        KILLS,
                        clients.acknowledged(),
                        seconds,
                        clients.acknowledged() / seconds,
                        clients.failures());
            }
            check(network, log, fates);
            assertTrue(
                    fates.containsValue(LogClients.Fate.ACKNOWLEDGED),
                    "the clients never got through: the test shows nothing");
        }
    }

    /// Lets the processes work for a random time, 0.2 to 3 s. The moment of the kill is what these
    /// tests are about: nothing that could announce itself is awaited.
    ///
    /// @return the milliseconds
    private static long untilTheKill(Prng random) throws InterruptedException {
        long millis = random.between(200, 3000);
        Thread.sleep(millis);
        return millis;
    }

    /// SIGKILL to the node, and waits until the supervisor has it ready again.
    private static void kill(Network network, String name) throws Exception {
        long killed = network.node(name).pid();
        ProcessHandle.of(killed).orElseThrow().destroyForcibly();
        Await.until(
                "node " + name + " is ready again",
                () -> {
                    LockSupport.parkNanos(LOOK_NANOS);
                    Network.Node node = network.node(name);
                    return node.pid() > 0 && node.pid() != killed && node.isReady();
                });
    }

    private static void check(Network network, CanisterId log, Map<Long, LogClients.Fate> fates)
            throws Exception {
        List<Long> numbers;
        try (Agent agent =
                Agent.builder(network.node("1").http()).rootKey(network.rootKey()).build()) {
            // An update first: it waits until the state with all that was replayed is certified.
            agent.call(log, "append", Blob.owning(LogClients.arguments(0L)));
            numbers = LogClients.read(agent, log);
        }
        Map<Long, Integer> times = new TreeMap<>();
        for (long number : numbers) {
            if (number != 0) {
                times.merge(number, 1, Integer::sum);
            }
        }
        List<String> wrong = new ArrayList<>();
        fates.forEach((number, fate) -> {
            int found = times.getOrDefault(number, 0);
            if (found > 1 || (fate == LogClients.Fate.ACKNOWLEDGED && found == 0)) {
                wrong.add(number + " is " + fate + " and stands " + found + " times");
            }
        });
        assertEquals(List.of(), wrong);
        assertTrue(fates.keySet().containsAll(times.keySet()), "nobody sent some of the numbers");
    }
}
