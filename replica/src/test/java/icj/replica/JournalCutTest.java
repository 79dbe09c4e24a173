package icj.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.agent.Agent;
import icj.agent.CanisterSettings;
import icj.agent.InstallMode;
import icj.candid.Candid;
import icj.candid.CandidType;
import icj.candid.CandidValue;
import icj.types.Blob;
import icj.types.CanisterId;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;

/// The journal of a node that certified numbers to a client is cut in its last 64 KiB: the node
/// refuses to start, or comes up with every one of these numbers (R-C13, R-C16, docs/adr/0001).
final class JournalCutTest {
    private static final int TAIL_BYTES = 64 << 10;
    private static final int NUMBERS_MIN = 60;
    private static final int RECORD_HEADER_BYTES = 32;

    @TempDir Path folder;

    private final AtomicReference<String> died = new AtomicReference<>();
    private TestNetwork network;
    private CanisterId log;
    private Path image;
    private Path writeAheadLog;
    private int certified;

    @Test
    @Timeout(300)
    void aCutJournalIsRefusedOrHoldsAllThatWasCertified() throws Exception {
        makeImage();
        long length = borders(image.resolve("journal").resolve(writeAheadLog)).getLast();
        TreeSet<Long> cuts = new TreeSet<>();
        long first = Math.max(0, length - TAIL_BYTES);
        for (int i = 0; i < 24; i++) {
            cuts.add(first + i * (length - first) / 24);
        }
        List<Long> borders = borders(image.resolve("journal").resolve(writeAheadLog));
        for (int i = 1; i <= 4 && i < borders.size(); i++) {
            long border = borders.get(borders.size() - i);
            cuts.addAll(List.of(border - 1, border, Math.min(length, border + 1)));
        }
        cuts.addAll(List.of(first, first + 1, length - 2, length - 1, length));
        cutAt(cuts, length);
    }

    @Test
    @Tag("long")
    @Timeout(36_000)
    void aJournalCutAtAnyByteIsRefusedOrHoldsAllThatWasCertified() throws Exception {
        makeImage();
        long length = borders(image.resolve("journal").resolve(writeAheadLog)).getLast();
        TreeSet<Long> cuts = new TreeSet<>();
        // In parts: every stride-th byte from an offset on.
        int stride = Integer.getInteger("cuts.stride", 1);
        long first = Math.max(0, length - TAIL_BYTES) + Integer.getInteger("cuts.offset", 0);
        for (long cut = first; cut <= length; cut += stride) {
            cuts.add(cut);
        }
        cuts.add(length);
        cutAt(cuts, length);
    }

    private void cutAt(TreeSet<Long> cuts, long length) throws Exception {
        int refused = 0;
        int up = 0;
        for (long cut : cuts) {
            Path copy = folder.resolve("cut");
            NodeImage.copy(image, copy);
            Path file = copy.resolve("journal").resolve(writeAheadLog);
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                bytes.setLength(cut);
            }
            try (Replica replica = NodeImage.start(NodeImage.in(network.config("1"), copy), died)) {
                assertEquals(null, died.get(), "cut at " + cut);
                assertHoldsAll(replica, "cut at " + cut + " of " + length);
                up++;
            } catch (NodeFailure e) {
                assertEquals(ExitCode.DAMAGED, e.exitCode(), e.getMessage());
                assertTrue(
                        e.getMessage().contains(copy.resolve("journal").toString()),
                        e.getMessage());
                refused++;
            }
        }
        System.out.printf(
                "%d certified numbers, journal of %d bytes cut %d times: refused %d, up %d%n",
                certified, length, cuts.size(), refused, up);
        assertTrue(up > 0 && refused > 0, refused + " refused, " + up + " up");
    }

    /// Journal and mark as a crash leaves them after the last number was certified; a state that
    /// was written before the first number, so that all of them must come from the journal.
    private void makeImage() throws Exception {
        network = TestNetwork.create(folder, 1);
        image = folder.resolve("image");
        Path live = folder.resolve("live");
        NodeConfig config = NodeImage.in(network.config("1"), live);
        try (Replica replica = NodeImage.start(config, died);
                Agent agent = agent(replica)) {
            CanisterId effective = network.registry().root().ranges().getFirst().first();
            log = agent.management().create(null, CanisterSettings.UNCHANGED, effective);
            Path module = Path.of(System.getProperty("icj.root", ".."), "examples/log/log.wasm");
            agent.management()
                    .install(
                            log, new InstallMode.Install(), Files.readAllBytes(module), Blob.EMPTY);
        }
        NodeImage.copyFiles(live.resolve("state"), image.resolve("state"));
        try (Replica replica = NodeImage.start(config, died);
                Agent agent = agent(replica)) {
            Path journal = live.resolve("journal");
            while (certified < NUMBERS_MIN
                    || borders(newestLog(journal)).getLast() < TAIL_BYTES + 1_000) {
                agent.call(log, "append", arguments(certified + 1L));
                certified++;
            }
            // Nothing is written between calls: what stands on the disk is what a crash leaves.
            NodeImage.copyFiles(journal, image.resolve("journal"));
            Files.copy(live.resolve("journal.mark"), image.resolve("journal.mark"));
            writeAheadLog = newestLog(image.resolve("journal")).getFileName();
        }
    }

    /// The file of the log with the record of the highest number.
    private static Path newestLog(Path journal) throws Exception {
        Path newest = null;
        long highest = -1;
        for (Path file : NodeImage.list(journal)) {
            if (file.toString().endsWith(".wal")) {
                List<Long> borders = borders(file);
                ByteBuffer log = ByteBuffer.wrap(Files.readAllBytes(file));
                long number =
                        borders.size() < 2
                                ? 0
                                : log.getLong(Math.toIntExact(borders.get(borders.size() - 2)) + 8);
                if (number > highest) {
                    highest = number;
                    newest = file;
                }
            }
        }
        assertTrue(newest != null, "no log in " + journal);
        return newest;
    }

    /// Where records of the log end, the beginning among them: magic 4 bytes, length 4, number 8,
    /// 16 more, content, filled up to 16 bytes.
    private static List<Long> borders(Path file) throws Exception {
        ByteBuffer log = ByteBuffer.wrap(Files.readAllBytes(file));
        List<Long> borders = new ArrayList<>(List.of(0L));
        // Each journal has its own (docs/adr/0006).
        int magic = log.getInt(0);
        int at = 0;
        long number = -1;
        while (at + RECORD_HEADER_BYTES <= log.limit()
                && log.getInt(at) == magic
                && magic != 0
                && (number < 0 || log.getLong(at + 8) == number + 1)) {
            number = log.getLong(at + 8);
            at += (RECORD_HEADER_BYTES + log.getInt(at + 4) + 15) / 16 * 16;
            borders.add((long) at);
        }
        return borders;
    }

    private void assertHoldsAll(Replica replica, String where) throws Exception {
        try (Agent agent = agent(replica)) {
            Blob reply = agent.query(log, "read", arguments(0L, 10_000L));
            CandidValue.Vec found =
                    (CandidValue.Vec) Candid.decode(reply.toBytes()).values().getFirst();
            List<Long> numbers = new ArrayList<>();
            for (CandidValue value : found.elements()) {
                numbers.add(((CandidValue.Fixed) value).bits());
            }
            List<Long> expected = new ArrayList<>();
            for (long i = 1; i <= certified; i++) {
                expected.add(i);
            }
            assertEquals(expected, numbers, where);
        }
    }

    private Agent agent(Replica replica) throws Exception {
        return Agent.builder(URI.create("http://127.0.0.1:" + replica.httpPort()))
                .rootKey(network.registry().rootKeyDer())
                .callTimeout(Duration.ofSeconds(60))
                .build();
    }

    private static Blob arguments(long... numbers) {
        List<CandidValue> values = new ArrayList<>();
        for (long number : numbers) {
            values.add(new CandidValue.Fixed(CandidType.Primitive.NAT64, number));
        }
        return Blob.owning(Candid.encode(values));
    }
}
