package icj.replica.http;

import icj.crypto.NodeSigner;
import icj.execution.IngressFilter;
import icj.execution.QueryExecutor;
import icj.execution.ReadStatePolicy;
import icj.replica.loop.Admission;
import icj.replica.loop.DemandWatch;
import icj.replica.loop.IngressPool;
import icj.replica.loop.RoundTimes;
import icj.replica.loop.SnapshotBoard;
import icj.replica.metrics.Metrics;
import icj.replica.p2p.PeerNetwork;
import icj.types.registry.Registry;
import icj.types.registry.SubnetRecord;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Supplier;

/// What the endpoints of the public interface work with.
///
/// @param registry of the network
/// @param subnet that this node is a member of
/// @param signer signs answers to queries
/// @param board the certified snapshots
/// @param ingress the pool
/// @param admission refuses calls that would wait too long
/// @param demand told when the pool changes
/// @param peers get each new call
/// @param filter whether a call is worth a place in a block
/// @param queries runs queries
/// @param policy who may read what
/// @param certificates makes certificates
/// @param modules makes modules ready before they are installed
/// @param waiters clients that wait for outcomes
/// @param forwarder to nodes of other subnets
/// @param callWorkers for calls and reads, with stacks for canister code; bounded, it refuses what
///   it can't take
/// @param queryWorkers the same for queries, which may take seconds and must not hold up calls
/// @param unavailable why this node can't serve by itself, null when it can
/// @param times told when a call comes in
public record ApiParts(
        Registry registry,
        SubnetRecord subnet,
        NodeSigner signer,
        SnapshotBoard board,
        IngressPool ingress,
        Admission admission,
        DemandWatch demand,
        PeerNetwork peers,
        IngressFilter filter,
        QueryExecutor queries,
        ReadStatePolicy policy,
        Certificates certificates,
        ModuleWarmer modules,
        CallWaiters waiters,
        HttpForwarder forwarder,
        ThreadPoolExecutor callWorkers,
        ThreadPoolExecutor queryWorkers,
        Supplier<@Nullable String> unavailable,
        Metrics metrics,
        RoundTimes times) {}
