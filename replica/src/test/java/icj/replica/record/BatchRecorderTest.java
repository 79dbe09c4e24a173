package icj.replica.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.execution.BatchExecutor;
import icj.execution.CertifiedTree;
import icj.execution.canister.SubnetSettings;
import icj.execution.wasm.WasmRuntime;
import icj.execution.wasm.engine.ChicoryRuntime;
import icj.execution.wasm.engine.RuntimeSettings;
import icj.replica.TestNetwork;
import icj.state.model.ReplicatedState;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.ConsensusTime;
import icj.types.Digest;
import icj.types.EnvelopeHash;
import icj.types.Height;
import icj.types.RegistryVersion;
import icj.types.RequestId;
import icj.types.SubnetId;
import icj.types.message.Batch;
import icj.types.message.IngressBody;
import icj.wire.MalformedException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

final class BatchRecorderTest {
    @TempDir Path folder;

    private TestNetwork network;
    private SubnetId subnet;
    private WasmRuntime runtime;
    private BatchExecutor executor;
    private CertifiedTree trees;
    private ReplicatedState state;

    @BeforeEach
    void makeNetwork() throws Exception {
        network = TestNetwork.create(folder, 1);
        subnet = network.registry().root().id();
        runtime = new ChicoryRuntime(RuntimeSettings.inProcess(RuntimeSettings.Engine.INTERPRETED));
        executor = new BatchExecutor(runtime, SubnetSettings.of(network.registry(), subnet));
        trees = new CertifiedTree(network.registry(), subnet);
        state =
                ReplicatedState.genesis(
                        subnet, new ConsensusTime(network.registry().genesisTimeNanos()), 1 << 20);
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    private Path file() {
        return folder.resolve("batches.rec");
    }

    /// Executes and records so many batches.
    private void record(int batches) throws Exception {
        try (BatchRecorder recorder = BatchRecorder.open(file(), network.id(), subnet)) {
            for (int i = 0; i < batches; i++) {
                ReplicatedState before = state;
                Batch batch = batch(before);
                state = executor.execute(before, batch).after();
                recorder.executed(before, batch, state, trees.of(state).digest());
            }
        }
    }

    private Batch batch(ReplicatedState before) {
        return new Batch(
                before.height().next(),
                before.time().plusNanos(1_000_000),
                new RegistryVersion(1),
                Height.ZERO,
                Digest.ZERO,
                network.registry().root().members().getFirst(),
                List.of(
                        new IngressBody(
                                new RequestId(Digest.ZERO),
                                new EnvelopeHash(Digest.ZERO),
                                Blob.of(new byte[] {1, 2, 3}))),
                null);
    }

    private List<BatchEntry> entries() throws Exception {
        List<BatchEntry> entries = new ArrayList<>();
        try (RecordFile record = RecordFile.open(file(), network.id())) {
            assertEquals(subnet, record.subnet());
            for (BatchEntry e = record.next(); e != null; e = record.next()) {
                entries.add(e);
            }
        }
        return entries;
    }

    @Test
    void whatWasRecordedAgreesWithItsReplay() throws Exception {
        record(3);
        record(2);
        Replay replay = new Replay(network.registry(), subnet, runtime);
        for (BatchEntry entry : entries()) {
            assertEquals(List.of(), replay.take(entry));
        }
        assertEquals(5, replay.heights());
    }

    @Test
    void batchesThatWereExecutedTwiceAreCompared() throws Exception {
        record(3);
        Replay replay = new Replay(network.registry(), subnet, runtime);
        List<BatchEntry> entries = entries();
        entries.forEach(replay::take);
        assertEquals(List.of(), replay.take(entries.get(1)));
        assertEquals(1, replay.take(withRoot(entries.get(1), Digest.ZERO)).size());
        assertEquals(3, replay.heights());
    }

    @Test
    void aMissingHeightEndsTheReplay() throws Exception {
        record(2);
        Replay replay = new Replay(network.registry(), subnet, runtime);
        BatchEntry second = entries().get(1);
        assertThrows(IllegalArgumentException.class, () -> replay.take(second));
    }

    @Test
    void anotherRootIsTold() throws Exception {
        record(1);
        Replay replay = new Replay(network.registry(), subnet, runtime);
        List<String> told = replay.take(withRoot(entries().getFirst(), Digest.ZERO));
        assertEquals(1, told.size());
        assertTrue(told.getFirst().startsWith("1 " + Digest.ZERO), told.getFirst());
    }

    private static BatchEntry withRoot(BatchEntry entry, Digest root) {
        return new BatchEntry(entry.batch(), root, entry.treeRoot(), entry.canisters());
    }

    @Test
    void theFirstCanisterThatDiffersIsFound() throws Exception {
        record(1);
        BatchEntry plain = entries().getFirst();
        TreeMap<CanisterId, Optional<Digest>> some = new TreeMap<>();
        some.put(CanisterId.ofNumber(5), Optional.of(Digest.ZERO));
        some.put(CanisterId.ofNumber(7), Optional.empty());
        BatchEntry one = new BatchEntry(plain.batch(), plain.stateRoot(), plain.treeRoot(), some);
        assertEquals(Optional.of(CanisterId.ofNumber(5)), plain.firstDifference(one));
        assertEquals(Optional.empty(), one.firstDifference(one));
        some.put(CanisterId.ofNumber(7), Optional.of(Digest.ZERO));
        BatchEntry other = new BatchEntry(plain.batch(), plain.stateRoot(), plain.treeRoot(), some);
        assertEquals(Optional.of(CanisterId.ofNumber(7)), one.firstDifference(other));
        assertEquals(one, BatchEntry.decode(one.encode()));
    }

    @Test
    void anEntryThatACrashLeftIncompleteIsCutOff() throws Exception {
        record(2);
        byte[] whole = Files.readAllBytes(file());
        ReplicatedState two = state;
        for (int cut = 1; cut < 40; cut++) {
            Files.write(file(), Arrays.copyOf(whole, whole.length - cut));
            assertEquals(1, entries().size());
            state = two;
            record(1);
            List<BatchEntry> entries = entries();
            assertEquals(2, entries.size());
            assertEquals(new Height(3), entries.get(1).batch().height());
        }
    }

    @Test
    void theRecordOfAnotherNetworkIsRefused() throws Exception {
        record(1);
        Digest other = Digest.ZERO;
        assertThrows(MalformedException.class, () -> RecordFile.open(file(), other));
        assertThrows(Exception.class, () -> BatchRecorder.open(file(), other, subnet));
        try (RecordFile record = RecordFile.open(file(), network.id())) {
            assertNotNull(record.next());
            assertNull(record.next());
        }
    }
}
