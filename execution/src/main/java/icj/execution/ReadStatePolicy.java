package icj.execution;

import icj.candid.Principal;
import icj.state.model.CanisterState;
import icj.state.model.IngressEntry;
import icj.state.model.ModuleCode;
import icj.state.model.ReplicatedState;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Digest;
import icj.types.RequestId;
import icj.types.SubnetId;
import icj.types.message.RequestContent;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Which paths of the certified tree a sender may read (interface specification, "Request: read
/// state"), and what a path reveals.
///
/// @param subnets all subnets of the network
/// @param root the root subnet
/// @param self the subnet that answers
public record ReadStatePolicy(List<SubnetId> subnets, SubnetId root, SubnetId self) {
    private static final Blob MODULE_HASH = text("module_hash");
    private static final Blob CONTROLLERS = text("controllers");
    private static final Blob CREATED = text("canister_creation_timestamp");
    private static final Blob INSTALLED = text("last_install_timestamp");
    private static final Blob API_BOUNDARY_NODES = text("api_boundary_nodes");

    public ReadStatePolicy {
        subnets = List.copyOf(subnets);
    }

    /// Where the request came in.
    public sealed interface Endpoint {
        /// 2 or 3.
        int version();

        /// `/api/vN/canister/ID/read_state`
        record Canister(int version, CanisterId id) implements Endpoint {}

        /// `/api/vN/subnet/ID/read_state`
        record Subnet(int version, SubnetId id) implements Endpoint {}
    }

    /// Whether a request is answered.
    public sealed interface Verdict {
        /// It is: the certificate reveals these paths and `/time`.
        record Allowed(List<List<Blob>> paths) implements Verdict {
            public Allowed {
                paths = List.copyOf(paths);
            }
        }

        /// It is not.
        ///
        /// @param status the HTTP status: 400, 403 or 404
        record Refused(int status, String message) implements Verdict {}
    }

    /// Judges a request against the state that answers it.
    public Verdict check(
            ReplicatedState state, RequestContent.ReadState request, Endpoint endpoint) {
        List<List<Blob>> revealed = new ArrayList<>();
        Blob requestSeen = null;
        Blob rangesSeen = null;
        for (List<Blob> path : request.paths()) {
            if (path.size() > 1 && path.getFirst().equals(CertifiedTree.REQUEST_STATUS)) {
                if (requestSeen != null && !requestSeen.equals(path.get(1))) {
                    return refused(400, "Only one request id may be read at a time.");
                }
                requestSeen = path.get(1);
            }
            if (path.size() > 1 && path.getFirst().equals(CertifiedTree.CANISTER_RANGES)) {
                if (rangesSeen != null && !rangesSeen.equals(path.get(1))) {
                    return refused(400, "The ranges of only one subnet may be read at a time.");
                }
                rangesSeen = path.get(1);
            }
            Verdict.Refused refusal = check(state, request.sender(), path, endpoint, revealed);
            if (refusal != null) {
                return refusal;
            }
        }
        return new Verdict.Allowed(revealed);
    }

    private Verdict.@Nullable Refused check(
            ReplicatedState state,
            Principal sender,
            List<Blob> path,
            Endpoint endpoint,
            List<List<Blob>> revealed) {
        if (path.isEmpty()) {
            return invalid();
        }
        Blob head = path.getFirst();
        if (head.equals(CertifiedTree.TIME)) {
            return path.size() == 1 ? null : invalid();
        }
        if (head.equals(CertifiedTree.REQUEST_STATUS)) {
            return request(state, sender, path, endpoint, revealed);
        }
        if (head.equals(CertifiedTree.CANISTER)) {
            return canister(state, sender, path, endpoint, revealed);
        }
        if (head.equals(CertifiedTree.SUBNET)) {
            return subnet(path, endpoint, revealed);
        }
        if (head.equals(CertifiedTree.CANISTER_RANGES)) {
            if (!(endpoint instanceof Endpoint.Subnet) || path.size() < 2 || path.size() > 3) {
                return invalid();
            }
            revealed.add(path);
            return null;
        }
        if (head.equals(API_BOUNDARY_NODES) && path.size() <= 3) {
            revealed.add(path);
            return null;
        }
        return invalid();
    }

    private static Verdict.@Nullable Refused request(
            ReplicatedState state,
            Principal sender,
            List<Blob> path,
            Endpoint endpoint,
            List<List<Blob>> revealed) {
        if (path.size() < 2 || path.size() > 3) {
            return invalid();
        }
        if (path.get(1).length() != Digest.LENGTH) {
            return refused(
                    400, "A request id has 32 bytes, this has " + path.get(1).length() + ".");
        }
        IngressEntry entry = state.ingress(new RequestId(Digest.of(path.get(1).shared())));
        if (entry != null) {
            if (!entry.sender().equals(sender)) {
                return refused(403, "The request was made by somebody else.");
            }
            if (endpoint instanceof Endpoint.Canister(_, CanisterId id)
                    && !id.equals(entry.effective())
                    // Calls that create a canister can't know its id.
                    && !entry.effective().equals(CanisterId.MANAGEMENT)) {
                return refused(
                        403, "The request concerns another canister than the one of the URL.");
            }
        }
        revealed.add(path);
        return null;
    }

    private static Verdict.@Nullable Refused canister(
            ReplicatedState state,
            Principal sender,
            List<Blob> path,
            Endpoint endpoint,
            List<List<Blob>> revealed) {
        if (!(endpoint instanceof Endpoint.Canister(_, CanisterId id))
                || path.size() < 3
                || path.size() > 4) {
            return invalid();
        }
        if (path.get(1).length() > Principal.LENGTH_MAX) {
            return refused(400, "A canister id has at most 29 bytes.");
        }
        CanisterId named = new CanisterId(Principal.of(path.get(1).shared()));
        if (!named.equals(id)) {
            return refused(
                    400,
                    "The path names canister " + named + ", the URL names canister " + id + ".");
        }
        Blob label = path.get(2);
        if (path.size() == 3) {
            boolean known =
                    label.equals(MODULE_HASH)
                            || label.equals(CONTROLLERS)
                            || label.equals(CREATED)
                            || label.equals(INSTALLED);
            if (!known) {
                return invalid();
            }
            revealed.add(path);
            return null;
        }
        if (!label.equals(CertifiedTree.METADATA)) {
            return invalid();
        }
        String name = utf8(path.get(3));
        if (name == null) {
            return refused(400, "The name of a custom section is UTF-8.");
        }
        CanisterState canister = state.canister(id);
        ModuleCode module = canister == null ? null : canister.module();
        ModuleCode.Section section = module == null ? null : module.section(name);
        if (canister != null
                && section != null
                && !section.open()
                && !canister.settings().isController(sender)) {
            return refused(403, "The custom section " + name + " can be read by controllers only.");
        }
        revealed.add(path);
        return null;
    }

    private Verdict.@Nullable Refused subnet(
            List<Blob> path, Endpoint endpoint, List<List<Blob>> revealed) {
        if (path.size() == 1) {
            if (subnets.isEmpty()) {
                revealed.add(path);
            }
            for (SubnetId subnet : subnets) {
                whole(key(subnet), endpoint, revealed);
            }
            return null;
        }
        Blob subnet = path.get(1);
        if (path.size() == 2) {
            whole(subnet, endpoint, revealed);
            return null;
        }
        Blob label = path.get(2);
        boolean allowed;
        if (label.equals(CertifiedTree.PUBLIC_KEY) || label.equals(CertifiedTree.TYPE)) {
            allowed = path.size() == 3;
        } else if (label.equals(CertifiedTree.NODE)) {
            allowed =
                    path.size() <= 4
                            || path.size() == 5 && path.get(4).equals(CertifiedTree.PUBLIC_KEY);
        } else if (label.equals(CertifiedTree.CANISTER_RANGES)) {
            allowed = path.size() == 3 && showsRanges(subnet, endpoint);
        } else {
            allowed =
                    label.equals(CertifiedTree.METRICS)
                            && path.size() == 3
                            && showsMetrics(subnet, endpoint);
        }
        if (!allowed) {
            return invalid();
        }
        revealed.add(path);
        return null;
    }

    /// All of a subnet that this endpoint shows.
    private void whole(Blob subnet, Endpoint endpoint, List<List<Blob>> revealed) {
        boolean known = false;
        for (SubnetId one : subnets) {
            known |= key(one).equals(subnet);
        }
        if (!known) {
            revealed.add(List.of(CertifiedTree.SUBNET, subnet));
            return;
        }
        revealed.add(List.of(CertifiedTree.SUBNET, subnet, CertifiedTree.PUBLIC_KEY));
        revealed.add(List.of(CertifiedTree.SUBNET, subnet, CertifiedTree.TYPE));
        if (subnet.equals(key(self))) {
            revealed.add(List.of(CertifiedTree.SUBNET, subnet, CertifiedTree.NODE));
        }
        if (showsRanges(subnet, endpoint)) {
            revealed.add(List.of(CertifiedTree.SUBNET, subnet, CertifiedTree.CANISTER_RANGES));
        }
        if (showsMetrics(subnet, endpoint)) {
            revealed.add(List.of(CertifiedTree.SUBNET, subnet, CertifiedTree.METRICS));
        }
    }

    private boolean showsRanges(Blob subnet, Endpoint endpoint) {
        return endpoint.version() == 2 || subnet.equals(key(root));
    }

    private boolean showsMetrics(Blob subnet, Endpoint endpoint) {
        return endpoint instanceof Endpoint.Subnet(_, SubnetId id)
                && key(id).equals(subnet)
                && id.equals(self);
    }

    private static Blob key(SubnetId subnet) {
        return Blob.owning(subnet.principal().toBytes());
    }

    private static Verdict.Refused invalid() {
        return refused(404, "Invalid path requested.");
    }

    private static Verdict.Refused refused(int status, String message) {
        return new Verdict.Refused(status, message);
    }

    private static @Nullable String utf8(Blob bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.shared()))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static Blob text(String text) {
        return Blob.owning(text.getBytes(StandardCharsets.UTF_8));
    }
}
