package icj.execution;

import icj.state.model.ReplicatedState;
import icj.state.model.SystemState;
import icj.state.tree.LabelTree;
import icj.types.Blob;
import icj.types.Cycles;
import icj.types.NodeId;
import icj.types.SubnetId;
import icj.types.registry.CanisterRange;
import icj.types.registry.Registry;
import icj.types.registry.SubnetRecord;
import icj.types.registry.SubnetType;
import icj.wire.Leb128;
import icj.wire.cbor.Cbor;
import icj.wire.cbor.CborValue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The tree that a subnet certifies at each height (interface specification, "State tree"):
///
/// - `/time`, `/canister/ID/...`, `/request_status/ID/...` of the state;
/// - `/subnet/ID/{public_key, type, canister_ranges}` and `/canister_ranges/ID/FIRST` of all
///   subnets, `/subnet/ID/{node/NODE/public_key, metrics}` of its own;
/// - `/metadata/{height, state_root}` (R-S3), which answers never reveal.
///
/// The part that comes from the registry is made once; a tree costs what changed in the state since
/// the one before. Immutable and thread-safe.
public final class CertifiedTree {
    /// Label of the certificate's time.
    public static final Blob TIME = label("time");

    /// Label of canisters.
    public static final Blob CANISTER = label("canister");

    /// Label of update calls.
    public static final Blob REQUEST_STATUS = label("request_status");

    /// Label of subnets.
    public static final Blob SUBNET = label("subnet");

    /// Label of the routing table in shards.
    public static final Blob CANISTER_RANGES = label("canister_ranges");

    /// Label of what only the subnet itself reads.
    public static final Blob METADATA = label("metadata");

    /// Label of a subnet's key and of a node's.
    public static final Blob PUBLIC_KEY = label("public_key");

    /// Label of a subnet's type.
    public static final Blob TYPE = label("type");

    /// Label of a subnet's nodes.
    public static final Blob NODE = label("node");

    /// Label of a subnet's figures.
    public static final Blob METRICS = label("metrics");

    /// Label of the height under [#METADATA].
    public static final Blob HEIGHT = label("height");

    /// Label of the state root under [#METADATA].
    public static final Blob STATE_ROOT = label("state_root");

    private final SubnetId self;
    private final LabelTree fixed;

    /// @param registry the pinned version
    /// @param self the subnet that certifies
    public CertifiedTree(Registry registry, SubnetId self) {
        this.self = self;
        LabelTree tree = LabelTree.EMPTY;
        for (SubnetRecord subnet : registry.subnets().values()) {
            Blob id = Blob.owning(subnet.id().principal().toBytes());
            String type = subnet.type() == SubnetType.NNS ? "system" : "application";
            Blob ranges = ranges(subnet.ranges());
            tree =
                    tree.with(List.of(SUBNET, id, PUBLIC_KEY), subnet.publicKeyDer())
                            .with(List.of(SUBNET, id, TYPE), label(type))
                            .with(List.of(SUBNET, id, CANISTER_RANGES), ranges)
                            .with(List.of(CANISTER_RANGES, id, first(subnet.ranges())), ranges);
            if (subnet.id().equals(self)) {
                for (NodeId member : subnet.members()) {
                    Blob node = Blob.owning(member.principal().toBytes());
                    tree =
                            tree.with(
                                    List.of(SUBNET, id, NODE, node, PUBLIC_KEY),
                                    registry.node(member).signingKeyDer());
                }
            }
        }
        this.fixed = tree;
    }

    /// The tree of one state.
    public static LabelTree of(ReplicatedState state, Registry registry) {
        return new CertifiedTree(registry, state.system().subnet()).of(state);
    }

    /// The tree of one state.
    public LabelTree of(ReplicatedState state) {
        Blob id = Blob.owning(self.principal().toBytes());
        Blob height = Blob.owning(Leb128.unsigned(state.height().value()));
        LabelTree tree =
                fixed.with(TIME, Blob.owning(Leb128.unsigned(state.time().value())))
                        .with(List.of(SUBNET, id, METRICS), metrics(state))
                        .with(List.of(METADATA, HEIGHT), height)
                        .with(List.of(METADATA, STATE_ROOT), Blob.owning(state.root().toBytes()));
        // Clients stumble over empty subtrees, so there are none.
        if (!state.canisterLabels().isEmpty()) {
            tree = tree.with(CANISTER, state.canisterLabels());
        }
        if (!state.requestLabels().isEmpty()) {
            tree = tree.with(REQUEST_STATUS, state.requestLabels());
        }
        return tree;
    }

    private static Blob metrics(ReplicatedState state) {
        SystemState system = state.system();
        Cycles consumed = system.consumed();
        CborValue total =
                CborValue.Dictionary.builder()
                        .nat("low", consumed.low())
                        .nat("high", consumed.high())
                        .build();
        return Cbor.encodeTagged(
                CborValue.Dictionary.builder()
                        .nat("num_canisters", state.canisters().size())
                        .nat("canister_state_bytes", state.agenda().memoryUsage())
                        .put("consumed_cycles_total", total)
                        .nat("update_transactions_total", system.updates())
                        .build());
    }

    private static Blob first(List<CanisterRange> ranges) {
        return Blob.owning(ranges.getFirst().first().principal().toBytes());
    }

    private static Blob ranges(List<CanisterRange> ranges) {
        List<CborValue> list = new ArrayList<>(ranges.size());
        for (CanisterRange range : ranges) {
            list.add(
                    new CborValue.Array(
                            List.of(
                                    bytes(range.first().principal().toBytes()),
                                    bytes(range.last().principal().toBytes()))));
        }
        return Cbor.encodeTagged(new CborValue.Array(list));
    }

    private static CborValue bytes(byte[] bytes) {
        return new CborValue.Bytes(Blob.owning(bytes));
    }

    private static Blob label(String text) {
        return Blob.owning(text.getBytes(StandardCharsets.UTF_8));
    }
}
