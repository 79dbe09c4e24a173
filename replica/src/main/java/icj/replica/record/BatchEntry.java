package icj.replica.record;

import icj.candid.Principal;
import icj.state.model.CanisterState;
import icj.state.model.ReplicatedState;
import icj.state.tree.SortedTrie;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.ConsensusTime;
import icj.types.Digest;
import icj.types.EnvelopeHash;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.RegistryVersion;
import icj.types.RequestId;
import icj.types.message.Batch;
import icj.types.message.IngressBody;
import icj.wire.ByteReader;
import icj.wire.ByteWriter;
import icj.wire.MalformedException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// One executed batch and what it led to.
///
/// Layout, in the encoding of [ByteWriter]: height u64, time u64, registry version u64, certified
/// height u64, block hash 32, maker blob, count and for each call its id 32, envelope hash 32 and
/// envelope blob; a byte and the tape if it is 1; state root 32, tree root 32; count and for each
/// changed canister its id blob, a byte, and its root 32 if the byte is 1.
///
/// @param batch what was executed
/// @param stateRoot the root of the state after it (R-S1)
/// @param treeRoot the root of the certified tree after it (R-S3)
/// @param canisters the roots of the canisters that it changed, empty for one that is gone
public record BatchEntry(
        Batch batch,
        Digest stateRoot,
        Digest treeRoot,
        SortedMap<CanisterId, Optional<Digest>> canisters) {
    private static final int ENTRIES_MAX = 1 << 20;
    private static final int BYTES_MAX = 1 << 26;

    public BatchEntry {
        canisters = Collections.unmodifiableSortedMap(new TreeMap<>(canisters));
    }

    /// The entry of a batch that led from `before` to `after`.
    public static BatchEntry of(
            ReplicatedState before, Batch batch, ReplicatedState after, Digest treeRoot) {
        TreeMap<CanisterId, Optional<Digest>> changed = new TreeMap<>();
        SortedTrie.diff(
                before.canisters(),
                after.canisters(),
                (key, _, now) ->
                        changed.put(
                                new CanisterId(Principal.of(key.toBytes())),
                                Optional.ofNullable(now).map(CanisterState::root)));
        return new BatchEntry(batch, after.root(), treeRoot, changed);
    }

    /// The first canister whose root differs, or none when the difference lies elsewhere: in the
    /// subnet's own part or in the update calls.
    public Optional<CanisterId> firstDifference(BatchEntry other) {
        TreeMap<CanisterId, Optional<Digest>> all = new TreeMap<>(canisters);
        all.putAll(other.canisters);
        for (CanisterId id : all.keySet()) {
            Optional<Digest> ours = canisters.get(id);
            if (ours == null || !ours.equals(other.canisters.get(id))) {
                return Optional.of(id);
            }
        }
        return Optional.empty();
    }

    Blob encode() {
        ByteWriter out = new ByteWriter(1_024);
        out.u64(batch.height().value()).u64(batch.time().value());
        out.u64(batch.registryVersion().value()).u64(batch.certifiedHeight().value());
        out.digest(batch.blockHash()).blob(batch.maker().principal().toBytes());
        out.count(batch.ingress().size());
        for (IngressBody body : batch.ingress()) {
            out.digest(body.id().digest()).digest(body.hash().digest()).blob(body.envelope());
        }
        optional(out, Optional.ofNullable(batch.tape()));
        out.digest(stateRoot).digest(treeRoot);
        out.count(canisters.size());
        canisters.forEach((id, root) -> {
            out.blob(id.principal().toBytes());
            optional(out, root);
        });
        return out.toBlob();
    }

    static BatchEntry decode(Blob bytes) throws MalformedException {
        ByteReader in = new ByteReader(bytes);
        Height height = new Height(in.u64());
        ConsensusTime time = new ConsensusTime(in.u64());
        RegistryVersion version = new RegistryVersion(in.u64());
        Height certified = new Height(in.u64());
        Digest hash = in.digest();
        NodeId maker = new NodeId(principal(in));
        int count = in.count(ENTRIES_MAX, 68);
        List<IngressBody> bodies = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            bodies.add(
                    new IngressBody(
                            new RequestId(in.digest()),
                            new EnvelopeHash(in.digest()),
                            in.blob(BYTES_MAX)));
        }
        Optional<Digest> tape = optional(in);
        Batch batch =
                new Batch(height, time, version, certified, hash, maker, bodies, tape.orElse(null));
        Digest state = in.digest();
        Digest tree = in.digest();
        count = in.count(ENTRIES_MAX, 5);
        TreeMap<CanisterId, Optional<Digest>> canisters = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            CanisterId id = new CanisterId(principal(in));
            canisters.put(id, optional(in));
        }
        in.end();
        return new BatchEntry(batch, state, tree, canisters);
    }

    private static Principal principal(ByteReader in) throws MalformedException {
        return Principal.of(in.blob(Principal.LENGTH_MAX).toBytes());
    }

    private static void optional(ByteWriter out, Optional<Digest> digest) {
        out.bool(digest.isPresent());
        digest.ifPresent(out::digest);
    }

    private static Optional<Digest> optional(ByteReader in) throws MalformedException {
        return in.bool() ? Optional.of(in.digest()) : Optional.empty();
    }
}
