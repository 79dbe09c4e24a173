package icj.types.message;

import icj.candid.Principal;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Digest;
import icj.types.RequestId;
import icj.wire.MalformedException;
import icj.wire.RepresentationHash;
import icj.wire.cbor.CborFields;
import icj.wire.cbor.CborValue;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// What the sender of a request signs: the field `content` of an envelope.
public sealed interface RequestContent {
    /// The longest nonce, in bytes.
    int NONCE_LENGTH_MAX = 32;

    /// The most paths of a read.
    int PATHS_MAX = 1000;

    /// The most labels of a path.
    int LABELS_MAX = 127;

    /// Which of the three this is.
    RequestKind kind();

    /// Who asks: self-authenticating, or the anonymous principal.
    Principal sender();

    /// When the request loses its meaning: nanoseconds since 1970, an unsigned number (compare with
    /// `Long.compareUnsigned`).
    long ingressExpiryNanos();

    /// Tells otherwise equal requests apart: at most 32 bytes, or null when absent.
    @Nullable Blob nonce();

    /// An update.
    ///
    /// @param canister the receiver; the management canister has the empty id
    /// @param method the name of the method
    /// @param arg the argument, usually Candid
    record Call(
            Principal sender,
            long ingressExpiryNanos,
            @Nullable Blob nonce,
            CanisterId canister,
            String method,
            Blob arg)
            implements RequestContent {
        @Override
        public RequestKind kind() {
            return RequestKind.CALL;
        }
    }

    /// A query.
    ///
    /// @param canister the receiver
    /// @param method the name of the method
    /// @param arg the argument, usually Candid
    record Query(
            Principal sender,
            long ingressExpiryNanos,
            @Nullable Blob nonce,
            CanisterId canister,
            String method,
            Blob arg)
            implements RequestContent {
        @Override
        public RequestKind kind() {
            return RequestKind.QUERY;
        }
    }

    /// A read of the certified state.
    ///
    /// @param paths each a list of labels
    record ReadState(
            Principal sender, long ingressExpiryNanos, @Nullable Blob nonce, List<List<Blob>> paths)
            implements RequestContent {
        /// Copies the lists.
        public ReadState {
            List<List<Blob>> copies = new ArrayList<>();
            for (List<Blob> path : paths) {
                copies.add(List.copyOf(path));
            }
            paths = List.copyOf(copies);
        }

        @Override
        public RequestKind kind() {
            return RequestKind.READ_STATE;
        }
    }

    /// The representation-independent hash of all fields (interface specification, "Request ids").
    default RequestId id() {
        RepresentationHash hash = new RepresentationHash();
        hash.text("request_type", kind().label());
        hash.bytes("sender", Blob.owning(sender().toBytes()));
        hash.nat("ingress_expiry", ingressExpiryNanos());
        Blob nonce = nonce();
        if (nonce != null) {
            hash.bytes("nonce", nonce);
        }
        switch (this) {
            case Call call -> call(hash, call.canister(), call.method(), call.arg());
            case Query query -> call(hash, query.canister(), query.method(), query.arg());
            case ReadState read -> hash.array("paths", hashes(read.paths()));
        }
        return new RequestId(hash.digest());
    }

    /// The map of all fields.
    default CborValue toCbor() {
        CborValue.Builder map = CborValue.Dictionary.builder();
        map.text("request_type", kind().label());
        map.bytes("sender", Blob.owning(sender().toBytes()));
        map.nat("ingress_expiry", ingressExpiryNanos());
        Blob nonce = nonce();
        if (nonce != null) {
            map.bytes("nonce", nonce);
        }
        switch (this) {
            case Call call -> call(map, call.canister(), call.method(), call.arg());
            case Query query -> call(map, query.canister(), query.method(), query.arg());
            case ReadState read -> map.put("paths", paths(read.paths()));
        }
        return map.build();
    }

    /// Reads the map; unknown fields are refused, since they would be missing in the id.
    ///
    /// @param expected the kind that the address names
    static RequestContent fromCbor(CborValue value, RequestKind expected)
            throws MalformedException {
        CborFields fields = CborFields.of(value, "the content");
        String type = fields.text("request_type");
        if (!type.equals(expected.label())) {
            throw new MalformedException(
                    "The field request_type must be "
                            + expected.label()
                            + " at this address, this is "
                            + (type.length() > 40 ? type.substring(0, 40) + "..." : type));
        }
        Principal sender = Principal.of(fields.bytes("sender", Principal.LENGTH_MAX).shared());
        long expiry = fields.nat64("ingress_expiry");
        Blob nonce = fields.optionalBytes("nonce", NONCE_LENGTH_MAX);
        RequestContent content;
        if (expected == RequestKind.READ_STATE) {
            content = new ReadState(sender, expiry, nonce, readPaths(fields));
        } else {
            CanisterId canister =
                    new CanisterId(
                            Principal.of(
                                    fields.bytes("canister_id", Principal.LENGTH_MAX).shared()));
            String method = fields.text("method_name");
            Blob arg = fields.bytes("arg", Integer.MAX_VALUE);
            if (fields.optional("sender_info") != null) {
                throw new MalformedException("The field sender_info is not supported yet");
            }
            content =
                    expected == RequestKind.CALL
                            ? new Call(sender, expiry, nonce, canister, method, arg)
                            : new Query(sender, expiry, nonce, canister, method, arg);
        }
        fields.refuseOthers();
        return content;
    }

    private static void call(
            RepresentationHash hash, CanisterId canister, String method, Blob arg) {
        hash.bytes("canister_id", Blob.owning(canister.principal().toBytes()));
        hash.text("method_name", method);
        hash.bytes("arg", arg);
    }

    private static void call(CborValue.Builder map, CanisterId canister, String method, Blob arg) {
        map.bytes("canister_id", Blob.owning(canister.principal().toBytes()));
        map.text("method_name", method);
        map.bytes("arg", arg);
    }

    private static List<Digest> hashes(List<List<Blob>> paths) {
        List<Digest> hashes = new ArrayList<>();
        for (List<Blob> path : paths) {
            List<Digest> labels = new ArrayList<>();
            for (Blob label : path) {
                labels.add(RepresentationHash.ofBytes(label));
            }
            hashes.add(RepresentationHash.ofArray(labels));
        }
        return hashes;
    }

    private static CborValue paths(List<List<Blob>> paths) {
        List<CborValue> list = new ArrayList<>();
        for (List<Blob> path : paths) {
            List<CborValue> labels = new ArrayList<>();
            for (Blob label : path) {
                labels.add(new CborValue.Bytes(label));
            }
            list.add(new CborValue.Array(labels));
        }
        return new CborValue.Array(list);
    }

    private static List<List<Blob>> readPaths(CborFields fields) throws MalformedException {
        List<List<Blob>> paths = new ArrayList<>();
        for (CborValue path : fields.list("paths", PATHS_MAX)) {
            List<Blob> labels = new ArrayList<>();
            for (CborValue label : CborFields.asList(path, "A path", LABELS_MAX)) {
                labels.add(CborFields.asBytes(label, "A label of a path", Integer.MAX_VALUE));
            }
            paths.add(labels);
        }
        return paths;
    }
}
