package icj.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.agent.Agent;
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

/// Every process of a network under load is killed with -9, again and again: what was acknowledged
/// stands exactly once, what has an unknown outcome at most once (R-I5).
@Tag("e2e")
final class KillsIT {
    private static final int CLIENTS = 16;
    private static final int OPEN_CALLS = 6;

    /// A short form for every build; the long one by hand with -Dkills=100.
    private static final int KILLS = Integer.getInteger("kills", 10);

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
                    // The moment of the kill is what this test is about; nothing is waited for.
                    long millis = random.between(200, 3000);
                    Thread.sleep(millis);
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
