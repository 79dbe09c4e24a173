package icj.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicReference;

/// Data that a node must not go on from, each refused with its exit code and a sentence.
@Timeout(120)
final class RefusalsTest {
    @TempDir Path folder;

    private final AtomicReference<String> died = new AtomicReference<>();
    private TestNetwork network;
    private NodeConfig config;
    private Path data;

    @BeforeEach
    void makeNode() throws Exception {
        network = network("one");
        data = folder.resolve("data");
        config = NodeImage.in(network.config("1"), data);
        NodeImage.start(config, died).close();
        assertEquals(null, died.get());
    }

    private TestNetwork network(String name) throws Exception {
        return TestNetwork.create(Files.createDirectories(folder.resolve(name)), 1);
    }

    private String refused(ExitCode code) {
        NodeFailure failure =
                assertThrows(NodeFailure.class, () -> NodeImage.start(config, died).close());
        assertEquals(code, failure.exitCode(), failure.getMessage());
        return failure.getMessage();
    }

    private void damaged(String part) {
        String sentence = refused(ExitCode.DAMAGED);
        assertTrue(sentence.contains(part), sentence);
    }

    /// The folder with the data of a node of another network.
    private Path otherData() throws Exception {
        Path other = folder.resolve("other-data");
        NodeImage.start(NodeImage.in(network("two").config("1"), other), died).close();
        return other;
    }

    @Test
    void theStateOfAnotherNetworkIsRefused() throws Exception {
        Path other = otherData();
        NodeImage.delete(config.state());
        NodeImage.copyFiles(other.resolve("state"), config.state());
        damaged("network");
    }

    @Test
    void theJournalOfAnotherNetworkIsRefused() throws Exception {
        Path other = otherData();
        NodeImage.delete(config.journal());
        NodeImage.copyFiles(other.resolve("journal"), config.journal());
        damaged("network");
    }

    @Test
    void aJournalOfANewerFormatIsRefused() throws Exception {
        newer(config.journal());
        damaged("format 99");
    }

    @Test
    void aStateOfANewerFormatIsRefused() throws Exception {
        newer(config.state());
        damaged("format 99");
    }

    private static void newer(Path store) throws Exception {
        byte[] name = "format".getBytes(StandardCharsets.US_ASCII);
        byte[] key = ByteBuffer.allocate(name.length + 1).put((byte) 0).put(name).array();
        try (Options options = new Options();
                RocksDB db = RocksDB.open(options, store.toString())) {
            db.put(key, ByteBuffer.allocate(4).putInt(99).array());
        }
    }

    @Test
    void anotherGenesisIsRefused() throws Exception {
        Path other = network("two").config("1").genesis();
        Files.copy(other, config.genesis(), StandardCopyOption.REPLACE_EXISTING);
        damaged("The genesis file");
    }

    @Test
    void aDeletedJournalIsRefused() throws Exception {
        NodeImage.delete(config.journal());
        damaged("may have forgotten what it signed");
        NodeImage.delete(config.journal());
        Files.deleteIfExists(data.resolve("journal.mark"));
        damaged("may have forgotten what it signed");
        // The refused start made an empty journal: that one is as bad.
        damaged("may have forgotten what it signed");
    }

    @Test
    void aJournalWithoutItsIndexIsRefused() throws Exception {
        Files.delete(config.journal().resolve("CURRENT"));
        damaged("CURRENT");
    }

    @Test
    void keysOfAnotherNodeAreRefused() throws Exception {
        Path other = network("two").config("1").keys();
        Path key = config.keys().resolve("signing.pem");
        Files.copy(other.resolve("signing.pem"), key, StandardCopyOption.REPLACE_EXISTING);
        damaged("key");
    }

    @Test
    void aPortThatIsTakenIsAConflict() throws Exception {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            config =
                    new NodeConfig(
                            config.network(),
                            config.node(),
                            config.name(),
                            config.genesis(),
                            config.keys(),
                            config.journal(),
                            config.state(),
                            config.log(),
                            new NodeConfig.Endpoint("127.0.0.1", holder.getLocalPort()),
                            config.p2p(),
                            config.metrics(),
                            config.classCache(),
                            config.nativeCache(),
                            null);
            String sentence = refused(ExitCode.CONFLICT);
            assertTrue(sentence.contains(Integer.toString(holder.getLocalPort())), sentence);
        }
    }

    @Test
    void aRefusedNodeStartsWhenItsDataIsBack() throws Exception {
        Path kept = folder.resolve("kept");
        NodeImage.copy(data, kept);
        NodeImage.delete(config.journal());
        damaged("journal");
        NodeImage.copy(kept, data);
        NodeImage.start(config, died).close();
        assertEquals(null, died.get());
    }
}
