package icj.types.registry;

import icj.candid.Principal;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.NodeId;
import icj.types.RegistryVersion;
import icj.types.SubnetId;
import icj.wire.MalformedException;
import icj.wire.Sha256;
import icj.wire.cbor.Cbor;
import icj.wire.cbor.CborFields;
import icj.wire.cbor.CborLimits;
import icj.wire.cbor.CborValue;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The genesis file `genesis.cbor`: registry version 1 and nothing else. The network's id is the
/// SHA-256 of the file.
///
/// One CBOR map with the fields `version` (1), `keys` (`"dealt"`: one launcher knew the threshold
/// keys when it dealt them, so the network is for local use), `time` (nanoseconds), `root` (subnet
/// id), `nodes` and `subnets` (lists of maps, increasing by id). There is exactly one encoding of a
/// registry: [#decode] refuses any other.
public final class Genesis {
    private static final int VERSION = 1;
    private static final String KEYS_DEALT = "dealt";
    private static final int NODES_MAX = 1_000;
    private static final int RANGES_MAX = 1_000;
    private static final int CERTIFICATE_BYTES_MAX = 4_096;
    private static final CborLimits LIMITS = new CborLimits(16 << 20, 8, 1_000_000);

    private Genesis() {}

    /// The id of the network that a genesis file starts.
    public static Digest networkId(Blob genesis) {
        return Sha256.of(genesis.shared());
    }

    /// The bytes of the file.
    ///
    /// @throws IllegalArgumentException when this is not version 1
    public static Blob encode(Registry registry) {
        if (registry.version().value() != VERSION) {
            throw new IllegalArgumentException(
                    "Genesis is registry version 1, this is " + registry.version());
        }
        List<CborValue> nodes = new ArrayList<>();
        for (NodeRecord node : registry.nodes().values()) {
            nodes.add(encodeNode(node));
        }
        List<CborValue> subnets = new ArrayList<>();
        for (SubnetRecord subnet : registry.subnets().values()) {
            subnets.add(encodeSubnet(subnet));
        }
        return Cbor.encodeTagged(
                CborValue.Dictionary.builder()
                        .nat("version", VERSION)
                        .text("keys", KEYS_DEALT)
                        .nat("time", registry.genesisTimeNanos())
                        .bytes("root", blob(registry.nns().principal()))
                        .put("nodes", new CborValue.Array(nodes))
                        .put("subnets", new CborValue.Array(subnets))
                        .build());
    }

    /// Reads the file; every record is checked.
    public static Registry decode(Blob genesis) throws MalformedException {
        CborFields fields = CborFields.of(Cbor.decode(genesis, LIMITS), "the genesis file");
        long version = fields.nat64("version");
        if (version != VERSION) {
            throw new MalformedException(
                    "The genesis file has version "
                            + Long.toUnsignedString(version)
                            + ", this program knows "
                            + VERSION);
        }
        if (!fields.text("keys").equals(KEYS_DEALT)) {
            throw new MalformedException("The genesis file has keys of an unknown kind");
        }
        try {
            SortedMap<NodeId, NodeRecord> nodes = new TreeMap<>();
            for (CborValue value : fields.list("nodes", NODES_MAX)) {
                NodeRecord node = decodeNode(CborFields.of(value, "a node of the genesis file"));
                nodes.put(node.id(), node);
            }
            SortedMap<SubnetId, SubnetRecord> subnets = new TreeMap<>();
            for (CborValue value : fields.list("subnets", NODES_MAX)) {
                SubnetRecord subnet =
                        decodeSubnet(CborFields.of(value, "a subnet of the genesis file"));
                subnets.put(subnet.id(), subnet);
            }
            Registry registry =
                    new Registry(
                            new RegistryVersion(VERSION),
                            nodes,
                            subnets,
                            new SubnetId(principal(fields, "root")),
                            fields.nat64("time"));
            // Unknown fields, another order and other forms of numbers end here too.
            if (!encode(registry).equals(genesis)) {
                throw new MalformedException("The genesis file is not in its canonical form");
            }
            return registry;
        } catch (IllegalArgumentException e) {
            throw new MalformedException("The genesis file contradicts itself: " + e.getMessage());
        }
    }

    private static CborValue encodeNode(NodeRecord node) {
        return CborValue.Dictionary.builder()
                .bytes("id", blob(node.id().principal()))
                .text("name", node.name())
                .bytes("subnet", blob(node.subnet().principal()))
                .bytes("signing_key", node.signingKeyDer())
                .bytes("certificate", node.tlsCertificateDer())
                .text("p2p_host", node.p2pHost())
                .nat("p2p_port", node.p2pPort())
                .text("http_host", node.httpHost())
                .nat("http_port", node.httpPort())
                .build();
    }

    private static NodeRecord decodeNode(CborFields fields) throws MalformedException {
        return new NodeRecord(
                new NodeId(principal(fields, "id")),
                fields.text("name"),
                new SubnetId(principal(fields, "subnet")),
                fields.bytes("signing_key", NodeRecord.SIGNING_KEY_DER_LENGTH),
                fields.bytes("certificate", CERTIFICATE_BYTES_MAX),
                fields.text("p2p_host"),
                port(fields, "p2p_port"),
                fields.text("http_host"),
                port(fields, "http_port"));
    }

    private static CborValue encodeSubnet(SubnetRecord subnet) {
        List<CborValue> members = new ArrayList<>();
        for (NodeId member : subnet.members()) {
            members.add(new CborValue.Bytes(blob(member.principal())));
        }
        List<CborValue> ranges = new ArrayList<>();
        for (CanisterRange range : subnet.ranges()) {
            ranges.add(
                    CborValue.Dictionary.builder()
                            .nat("low", range.low())
                            .nat("high", range.high())
                            .build());
        }
        return CborValue.Dictionary.builder()
                .bytes("id", blob(subnet.id().principal()))
                .nat("type", subnet.type().code())
                .put("members", new CborValue.Array(members))
                .bytes("public_key", subnet.publicKeyDer())
                .put("high_commitments", blobs(subnet.highCommitments()))
                .put("low_commitments", blobs(subnet.lowCommitments()))
                .put("ranges", new CborValue.Array(ranges))
                .put("limits", encodeLimits(subnet.limits()))
                .build();
    }

    private static SubnetRecord decodeSubnet(CborFields fields) throws MalformedException {
        List<NodeId> members = new ArrayList<>();
        for (CborValue member : fields.list("members", NODES_MAX)) {
            members.add(new NodeId(principal(member)));
        }
        List<CanisterRange> ranges = new ArrayList<>();
        for (CborValue value : fields.list("ranges", RANGES_MAX)) {
            CborFields range = CborFields.of(value, "a canister range of the genesis file");
            ranges.add(new CanisterRange(range.nat64("low"), range.nat64("high")));
        }
        return new SubnetRecord(
                new SubnetId(principal(fields, "id")),
                SubnetType.ofCode(fields.nat64("type")),
                members,
                fields.bytes("public_key", SubnetRecord.PUBLIC_KEY_DER_LENGTH),
                commitments(fields, "high_commitments"),
                commitments(fields, "low_commitments"),
                ranges,
                decodeLimits(fields.map("limits", "the limits of a subnet")));
    }

    private static CborValue encodeLimits(SubnetLimits limits) {
        return CborValue.Dictionary.builder()
                .nat("instructions_per_message", limits.instructionsPerMessage())
                .nat("instructions_per_system_task", limits.instructionsPerSystemTask())
                .nat("instructions_per_query", limits.instructionsPerQuery())
                .nat("instructions_per_install", limits.instructionsPerInstall())
                .nat("instructions_per_round", limits.instructionsPerRound())
                .nat("dirty_bytes_per_round", limits.dirtyBytesPerRound())
                .nat("heap_bytes_max", limits.heapBytesMax())
                .nat("stable_bytes_max", limits.stableBytesMax())
                .nat("subnet_bytes_max", limits.subnetBytesMax())
                .nat("canisters_max", limits.canistersMax())
                .nat("ingress_bytes_max", limits.ingressBytesMax())
                .nat("block_bytes_max", limits.blockBytesMax())
                .nat("block_messages_max", limits.blockMessagesMax())
                .nat("history_entries_max", limits.historyEntriesMax())
                .nat("history_bytes_max", limits.historyBytesMax())
                .nat("unit_delay_millis", limits.unitDelayMillis())
                .build();
    }

    private static SubnetLimits decodeLimits(CborFields fields) throws MalformedException {
        return new SubnetLimits(
                fields.nat64("instructions_per_message"),
                fields.nat64("instructions_per_system_task"),
                fields.nat64("instructions_per_query"),
                fields.nat64("instructions_per_install"),
                fields.nat64("instructions_per_round"),
                fields.nat64("dirty_bytes_per_round"),
                fields.nat64("heap_bytes_max"),
                fields.nat64("stable_bytes_max"),
                fields.nat64("subnet_bytes_max"),
                fields.nat64("canisters_max"),
                fields.nat64("ingress_bytes_max"),
                fields.nat64("block_bytes_max"),
                fields.nat64("block_messages_max"),
                fields.nat64("history_entries_max"),
                fields.nat64("history_bytes_max"),
                fields.nat64("unit_delay_millis"));
    }

    private static List<Blob> commitments(CborFields fields, String field)
            throws MalformedException {
        List<Blob> points = new ArrayList<>();
        for (CborValue value : fields.list(field, NODES_MAX)) {
            points.add(
                    CborFields.asBytes(
                            value, "A commitment of a key", SubnetRecord.COMMITMENT_LENGTH));
        }
        return points;
    }

    private static CborValue blobs(List<Blob> blobs) {
        List<CborValue> values = new ArrayList<>();
        for (Blob blob : blobs) {
            values.add(new CborValue.Bytes(blob));
        }
        return new CborValue.Array(values);
    }

    private static int port(CborFields fields, String field) throws MalformedException {
        long port = fields.nat64(field);
        if (port < 1 || port > 65_535) {
            throw new MalformedException(
                    "A port is 1 to 65535, not " + Long.toUnsignedString(port));
        }
        return (int) port;
    }

    private static Principal principal(CborFields fields, String field) throws MalformedException {
        return principal(fields.required(field));
    }

    private static Principal principal(CborValue value) throws MalformedException {
        return Principal.of(CborFields.asBytes(value, "An id", Principal.LENGTH_MAX).shared());
    }

    private static Blob blob(Principal principal) {
        return Blob.owning(principal.toBytes());
    }
}
