package icj.replica;

import icj.consensus.Consensus;
import icj.consensus.ConsensusConfig;
import icj.consensus.Input;
import icj.crypto.KeyFormatException;
import icj.crypto.bls.BlsPublicKey;
import icj.crypto.certificate.CertificateVerifier;
import icj.crypto.tls.PeerTls;
import icj.execution.BatchExecutor;
import icj.execution.CertifiedTree;
import icj.execution.IngressFilter;
import icj.execution.QueryExecutor;
import icj.execution.ReadStatePolicy;
import icj.execution.canister.SubnetSettings;
import icj.execution.wasm.WasmRuntime;
import icj.replica.crypto.ThresholdSubnetCrypto;
import icj.replica.http.ApiEndpoint;
import icj.replica.http.ApiParts;
import icj.replica.http.CallWaiters;
import icj.replica.http.Certificates;
import icj.replica.http.DelegationKeeper;
import icj.replica.http.HttpForwarder;
import icj.replica.http.HttpLimits;
import icj.replica.http.HttpListener;
import icj.replica.http.MetricsEndpoint;
import icj.replica.http.ModuleWarmer;
import icj.replica.loop.Admission;
import icj.replica.loop.ConsensusLoop;
import icj.replica.loop.DemandWatch;
import icj.replica.loop.EffectRunner;
import icj.replica.loop.ExecutionLoop;
import icj.replica.loop.Fatal;
import icj.replica.loop.GuardedExecutor;
import icj.replica.loop.IngressLimits;
import icj.replica.loop.IngressPool;
import icj.replica.loop.IngressVerifier;
import icj.replica.loop.JournalStore;
import icj.replica.loop.PeerDispatch;
import icj.replica.loop.RocksJournalStore;
import icj.replica.loop.RoundTimes;
import icj.replica.loop.SnapshotBoard;
import icj.replica.loop.StoredSender;
import icj.replica.loop.WallClock;
import icj.replica.metrics.Metrics;
import icj.replica.metrics.Phases;
import icj.replica.metrics.Readiness;
import icj.replica.p2p.FrameKind;
import icj.replica.p2p.PeerAddress;
import icj.replica.p2p.PeerLimits;
import icj.replica.p2p.PeerNetwork;
import icj.replica.record.BatchRecorder;
import icj.state.model.ReplicatedState;
import icj.state.model.StateCodec;
import icj.state.store.Limits;
import icj.state.store.RocksJournal;
import icj.state.store.RocksStateStore;
import icj.state.store.StoreException;
import icj.state.store.StoreFailedException;
import icj.types.Blob;
import icj.types.ConsensusTime;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.SubnetId;
import icj.types.registry.NodeRecord;
import icj.types.registry.Registry;
import icj.types.registry.SubnetRecord;

import io.netty.channel.EventLoopGroup;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// One node, wired: the only place where the parts of the modules are put together. Reads from top
/// to bottom as the architecture: stores, state, pools, peers, consensus, execution, the public
/// interface, metrics.
public final class Replica implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
    private static final long TICK_MILLIS = 500;

    private final List<AutoCloseable> closing = new ArrayList<>();
    private final HttpListener http;
    private final HttpListener metricsListener;
    private final PeerNetwork network;
    private final Readiness readiness = new Readiness();

    /// Makes and starts a node.
    ///
    /// @param runtime runs canisters
    /// @param fatal ends the process when the node can't go on
    /// @throws NodeFailure when it can't start, with the sentence and the exit code
    public static Replica start(
            NodeConfig config, Registry registry, WasmRuntime runtime, Fatal fatal)
            throws NodeFailure {
        Opening opening = new Opening();
        try {
            return new Replica(config, registry, runtime, fatal, opening);
        } catch (StoreException e) {
            opening.undo();
            throw new NodeFailure(
                    e.isLasting() ? ExitCode.DAMAGED : ExitCode.FAILURE,
                    String.valueOf(e.getMessage()));
        } catch (RocksJournalStore.UnreadableJournalException e) {
            opening.undo();
            throw new NodeFailure(ExitCode.DAMAGED, String.valueOf(e.getMessage()));
        } catch (KeyFormatException e) {
            opening.undo();
            throw new NodeFailure(
                    ExitCode.DAMAGED, "A key in the registry is malformed: " + e.getMessage());
        } catch (BindException e) {
            opening.undo();
            throw new NodeFailure(ExitCode.CONFLICT, "Port taken: " + e.getMessage());
        } catch (NodeFailure | RuntimeException e) {
            opening.undo();
            throw e;
        }
    }

    /// What was opened so far, newest last, so that a failed start leaves nothing behind.
    private static final class Opening {
        private final List<AutoCloseable> opened = new ArrayList<>();

        <T extends AutoCloseable> T add(T part) {
            opened.add(part);
            return part;
        }

        void undo() {
            closeAll(opened);
        }
    }

    private Replica(
            NodeConfig config, Registry registry, WasmRuntime runtime, Fatal fatal, Opening opening)
            throws NodeFailure, StoreException, KeyFormatException, BindException {
        final NodeRecord self = GenesisCheck.self(config, registry);
        final SubnetRecord subnet = registry.subnetOf(self.id());
        final boolean isRoot = subnet.id().equals(registry.nns());
        final NodeKeys keys = NodeKeys.read(config.keys(), self, subnet);
        final Metrics metrics = new Metrics();
        final Phases phases = new Phases(metrics);
        final RoundTimes times = new RoundTimes(metrics, phases);
        opening.add(runtime);

        // Event loops: one for clients and relays, one for peers.
        final NodeThreads threads = new NodeThreads(metrics, opening::add);
        EventLoopGroup clients = threads.loop("http");
        EventLoopGroup peerLoops = threads.loop("peers");
        final ScheduledExecutorService timer = threads.timer();

        // The listeners come before the stores, so that a port that is taken is said at once.
        GatedEndpoint api = new GatedEndpoint();
        metricsListener =
                opening.add(
                        new HttpListener(
                                "metrics",
                                config.metrics().host(),
                                config.metrics().port(),
                                HttpLimits.METRICS,
                                clients,
                                new MetricsEndpoint(metrics, readiness, times::recent),
                                metrics));
        http =
                opening.add(
                        new HttpListener(
                                "api",
                                config.http().host(),
                                config.http().port(),
                                HttpLimits.API,
                                clients,
                                api,
                                metrics));

        // Stores and the state to go on from.
        final RocksJournal journalFiles =
                opening.add(
                        RocksJournal.open(
                                config.journal(),
                                config.network(),
                                Limits.STANDARD,
                                message ->
                                        fatal.end(
                                                "The journal failed: " + message,
                                                new IllegalStateException(message)),
                                _ -> {}));
        final JournalStore journal = new RocksJournalStore(journalFiles);
        final RocksStateStore<ReplicatedState> stateStore =
                opening.add(
                        RocksStateStore.open(
                                config.state(),
                                config.network(),
                                new StateCodec(),
                                Limits.STANDARD,
                                message ->
                                        fatal.end(
                                                "The state store failed: " + message,
                                                new IllegalStateException(message))));
        ReplicatedState restored = stateStore.load();
        if (restored != null && isBlank(journalFiles)) {
            // R-C16: a node that forgot its votes must not vote again.
            throw new NodeFailure(
                    ExitCode.DAMAGED,
                    "The journal in "
                            + config.journal()
                            + " is gone although the state is at height "
                            + restored.height()
                            + ": this node may have forgotten what it signed and must not go on"
                            + " under its id");
        }
        final SubnetSettings settings = SubnetSettings.of(registry, subnet.id());
        ConsensusTime genesisTime = new ConsensusTime(registry.genesisTimeNanos());
        ReplicatedState state =
                restored == null
                        ? ReplicatedState.genesis(
                                subnet.id(), genesisTime, settings.firstCanister())
                        : restored;

        // Pools shared by the loops and the edges.
        final SnapshotBoard board = new SnapshotBoard();
        final IngressPool ingress = new IngressPool(IngressLimits.STANDARD, metrics);
        final IngressVerifier verifier = new IngressVerifier(ingress);
        final ThreadPoolExecutor callWorkers = threads.requests("call");
        final ThreadPoolExecutor queryWorkers = threads.requests("query");
        final ThreadPoolExecutor answerWorkers = threads.answers();
        final GuardedExecutor coreWorkers =
                opening.add(new GuardedExecutor(threads.core(), "The check of a payload", fatal));
        final GuardedExecutor serveWorkers =
                opening.add(
                        new GuardedExecutor(
                                threads.serve(), "Reading the journal for a peer", fatal));
        final LateInputs late = new LateInputs();
        final DemandWatch demand =
                new DemandWatch(
                        ingress,
                        subnet.limits().blockBytesMax(),
                        subnet.limits().blockMessagesMax(),
                        level -> late.tell(new Input.DemandSeen(level)));

        // Peers.
        final PeerDispatch dispatch =
                opening.add(new PeerDispatch(ingress, verifier, board, demand, metrics));
        final Admission admission =
                new Admission(
                        () ->
                                callWorkers.getQueue().size()
                                        + dispatch.unverifiedCalls()
                                        + ingress.size(),
                        metrics);
        board.onCertified(certified -> admission.certified(certified.height(), System.nanoTime()));
        network =
                opening.add(
                        new PeerNetwork(
                                self.id(),
                                peers(registry, subnet, self.id()),
                                config.p2p().host(),
                                config.p2p().port(),
                                config.network(),
                                PeerTls.of(
                                        keys.tlsKey(), keys.tlsCertificate(), new Pins(registry)),
                                PeerLimits.STANDARD,
                                dispatch,
                                peerLoops,
                                metrics));

        // Execution.
        final ExecutionLoop execution =
                new ExecutionLoop(
                        new BatchExecutor(runtime, settings),
                        new CertifiedTree(registry, subnet.id()),
                        state,
                        board,
                        after -> offer(stateStore, after),
                        late::tell,
                        recorder(config, subnet.id(), opening),
                        times,
                        fatal,
                        metrics);

        // Consensus.
        Consensus core =
                new Consensus(
                        ConsensusConfig.of(
                                self.id(),
                                subnet.id(),
                                config.network(),
                                subnet.members(),
                                registry.version(),
                                genesisTime,
                                state.height()),
                        new ThresholdSubnetCrypto(
                                keys.signer(), keys.low(), keys.high(), registry, subnet),
                        journal);
        final Height certifiedBefore = core.status().replayTarget();
        final EffectRunner runner =
                new EffectRunner(
                        new EffectRunner.Parts(
                                network,
                                new StoredSender(
                                        journal,
                                        // Beyond the bound of what may be lost the peer asks
                                        // again; it must not be cut off for having asked.
                                        (to, artifact) ->
                                                network.send(
                                                        to, FrameKind.ARTIFACT, artifact, true),
                                        serveWorkers),
                                ingress,
                                verifier,
                                board,
                                batch -> {
                                    admission.delivered(batch.height(), batch.ingress().size());
                                    execution.deliver(batch);
                                },
                                late::tell,
                                coreWorkers,
                                subnet.limits()),
                        times,
                        () -> demand.update(WallClock.nanos()),
                        fatal,
                        metrics,
                        phases);
        final ConsensusLoop consensus =
                new ConsensusLoop(
                        subnet.members().size(),
                        core,
                        journal,
                        runner,
                        network::resume,
                        fatal,
                        metrics,
                        phases);
        late.open(consensus);
        dispatch.attach(consensus, network);

        // The public interface.
        final HttpForwarder forwarder = opening.add(new HttpForwarder(clients, metrics));
        final DelegationKeeper delegation =
                new DelegationKeeper(
                        registry,
                        subnet,
                        config.journal().resolveSibling("delegation.cbor"),
                        new CertificateVerifier(BlsPublicKey.fromDer(registry.rootKeyDer())),
                        forwarder,
                        timer);
        final Certificates certificates = new Certificates(!isRoot, delegation::delegation);
        final CallWaiters waiters =
                new CallWaiters(board, certificates, answerWorkers, metrics, times, admission);
        final Standing standing =
                new Standing(runner, board, consensus, network, subnet.quorum(), certifiedBefore);
        api.open(
                new ApiEndpoint(
                        new ApiParts(
                                registry,
                                subnet,
                                keys.signer(),
                                board,
                                ingress,
                                admission,
                                demand,
                                network,
                                new IngressFilter(runtime, settings),
                                new QueryExecutor(runtime, settings),
                                new ReadStatePolicy(
                                        new ArrayList<SubnetId>(registry.subnets().keySet()),
                                        registry.nns(),
                                        subnet.id()),
                                certificates,
                                opening.add(new ModuleWarmer(runtime, metrics)),
                                waiters,
                                forwarder,
                                callWorkers,
                                queryWorkers,
                                () -> {
                                    String behind = standing.refusal();
                                    return behind == null ? certificates.unavailable() : behind;
                                },
                                metrics,
                                times)));
        standing.register(readiness);
        if (!isRoot) {
            readiness.part("delegation", delegation::reason);
        }
        new NodeGauges(metrics, consensus, stateStore).register();
        new NodeBounds(metrics, consensus, stateStore, board, runtime, subnet, config).register();

        // Start, from the inside to the outside.
        execution.start();
        opening.add(execution);
        consensus.start();
        opening.add(consensus);
        network.start();
        if (!isRoot) {
            delegation.start();
        }
        Ticker ticker = new Ticker(waiters, demand, stateStore, late);
        var _ =
                timer.scheduleWithFixedDelay(
                        ticker, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        closing.addAll(opening.opened);
        readiness.complete();
        LOG.info(
                "Node {} ({}) of subnet {} runs from height {}: http {}, peers {}, metrics {}",
                config.name(),
                self.id(),
                subnet.id(),
                state.height(),
                http.port(),
                network.port(),
                metricsListener.port());
    }

    /// Whether the journal has no record: it is new, or was when a start before this one refused
    /// it.
    private static boolean isBlank(RocksJournal journal) throws StoreException {
        AtomicBoolean found = new AtomicBoolean();
        journal.scanWhile(
                Blob.EMPTY,
                null,
                (_, _) -> {
                    found.set(true);
                    return false;
                });
        return !found.get();
    }

    private static @Nullable BatchRecorder recorder(
            NodeConfig config, SubnetId subnet, Opening opening) throws NodeFailure {
        Path record = config.record();
        if (record == null) {
            return null;
        }
        try {
            return opening.add(BatchRecorder.open(record, config.network(), subnet));
        } catch (IOException e) {
            throw new NodeFailure(
                    ExitCode.FAILURE,
                    "Batches can't be recorded in " + record + ": " + e.getMessage());
        }
    }

    private static List<PeerAddress> peers(Registry registry, SubnetRecord subnet, NodeId self) {
        List<PeerAddress> peers = new ArrayList<>();
        for (NodeId member : subnet.members()) {
            if (!member.equals(self)) {
                NodeRecord node = registry.node(member);
                peers.add(new PeerAddress(member, node.p2pHost(), node.p2pPort()));
            }
        }
        return peers;
    }

    private static void offer(RocksStateStore<ReplicatedState> store, ReplicatedState after) {
        store.offer(after);
        try {
            store.awaitRoom();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreFailedException("Interrupted while the store was behind", e);
        }
    }

    /// The port of the public interface.
    public int httpPort() {
        return http.port();
    }

    /// The port of metrics and health.
    public int metricsPort() {
        return metricsListener.port();
    }

    /// The port of the peers.
    public int peerPort() {
        return network.port();
    }

    /// Whether all parts are ready.
    public Readiness readiness() {
        return readiness;
    }

    /// Ends the node: newest parts first, so that what others lean on closes last.
    @Override
    public void close() {
        closeAll(closing);
    }

    private static void closeAll(List<AutoCloseable> parts) {
        for (int i = parts.size() - 1; i >= 0; i--) {
            try {
                parts.get(i).close();
            } catch (Exception e) {
                LOG.warn("A part did not close cleanly", e);
            }
        }
        parts.clear();
    }
}
