package icj.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

final class NodeConfigTest {
    private static final String GOOD =
            """
            {"version":1,
             "networkId":"0101010101010101010101010101010101010101010101010101010101010101",
             "nodeId":"2vxsx-fae", "name":"1", "genesis":"../../genesis.cbor",
             "keys":"keys", "journal":"journal", "state":"/elsewhere/state", "log":"log",
             "http":{"host":"127.0.0.1","port":4943}, "p2p":{"host":"127.0.0.1","port":4944},
             "metrics":{"host":"127.0.0.1","port":0}, "classCache":"classes",
             "nativeCache":"native", "later":"unknown members are for later versions"}
            """;

    @TempDir Path folder;

    private NodeConfig read(String text) throws IOException, NodeFailure {
        Path file = Files.createDirectories(folder.resolve("nodes/1")).resolve("node.json");
        Files.writeString(file, text);
        return NodeConfig.read(file);
    }

    @Test
    void pathsAreRelativeToTheFile() throws Exception {
        NodeConfig config = read(GOOD);
        assertEquals(folder.resolve("genesis.cbor"), config.genesis());
        assertEquals(folder.resolve("nodes/1/keys"), config.keys());
        assertEquals(Path.of("/elsewhere/state"), config.state());
        assertEquals(new NodeConfig.Endpoint("127.0.0.1", 4943), config.http());
        assertNull(config.record());
    }

    @Test
    void aNewerFormatIsRefusedForGood() {
        NodeFailure failure =
                assertThrows(
                        NodeFailure.class,
                        () -> read(GOOD.replace("\"version\":1", "\"version\":2")));
        assertEquals(ExitCode.DAMAGED, failure.exitCode());
    }

    @Test
    void whatIsMissingOrWrongIsNamed() {
        assertNames("journal", GOOD.replace("\"journal\":\"journal\",", ""));
        assertNames("http", GOOD.replace("4943", "70000"));
        assertNames("http.port", GOOD.replace("4943", "\"many\""));
        assertNames("p2p.host", GOOD.replace("\"p2p\":{\"host\":\"127.0.0.1\",", "\"p2p\":{"));
        assertNames("node.json", "not json");
        assertNames("object", "[1]");
        assertNames("end", GOOD + GOOD);
        assertNames("node.json", GOOD.replace("2vxsx-fae", "2vxsx-fae-aaa"));
    }

    private void assertNames(String word, String text) {
        NodeFailure failure = assertThrows(NodeFailure.class, () -> read(text));
        assertEquals(ExitCode.FAILURE, failure.exitCode());
        assertTrue(String.valueOf(failure.getMessage()).contains(word), failure::getMessage);
    }
}
