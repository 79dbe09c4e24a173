package icj.replica.http;

import icj.crypto.ingress.EnvelopeVerifier;
import icj.crypto.ingress.ExpiryRule;
import icj.crypto.ingress.Verdict;
import icj.execution.CertifiedTree;
import icj.execution.ReadStatePolicy;
import icj.replica.loop.SnapshotBoard;
import icj.replica.loop.WallClock;
import icj.state.model.IngressEntry;
import icj.state.model.LongAnswer;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Digest;
import icj.types.RequestId;
import icj.types.SubnetId;
import icj.types.message.Envelope;
import icj.types.message.RequestContent;
import icj.types.message.RequestKind;
import icj.wire.MalformedException;
import icj.wire.cbor.Cbor;
import icj.wire.cbor.CborValue;

import java.util.List;
import java.util.function.Consumer;

/// `POST /api/v{2,3}/{canister,subnet}/<id>/read_state`: certified parts of the state (interface.md
/// 2), of the last certified height.
final class ReadStateEndpoint {
    private final ApiParts parts;

    ReadStateEndpoint(ApiParts parts) {
        this.parts = parts;
    }

    void canister(ApiRoute.Canister route, HttpRequestHead request, Consumer<HttpAnswer> answer) {
        CanisterId id = new CanisterId(route.id());
        handle(new ReadStatePolicy.Endpoint.Canister(route.version(), id), request, answer);
    }

    void subnet(ApiRoute.Subnet route, HttpRequestHead request, Consumer<HttpAnswer> answer) {
        SubnetId id = new SubnetId(route.id());
        handle(new ReadStatePolicy.Endpoint.Subnet(route.version(), id), request, answer);
    }

    private void handle(
            ReadStatePolicy.Endpoint endpoint,
            HttpRequestHead request,
            Consumer<HttpAnswer> answer) {
        answer.accept(answer(endpoint, request));
    }

    private HttpAnswer answer(ReadStatePolicy.Endpoint endpoint, HttpRequestHead request) {
        Envelope envelope;
        try {
            envelope = Envelope.decode(request.body(), RequestKind.READ_STATE);
        } catch (MalformedException e) {
            return HttpAnswer.text(400, "Malformed request: " + e.getMessage());
        }
        if (!(envelope.content() instanceof RequestContent.ReadState read)) {
            return HttpAnswer.text(400, "This is not a read_state");
        }
        long now = WallClock.nanos();
        if (!read.sender().isAnonymous()) {
            String late = ExpiryRule.refusal(read.ingressExpiryNanos(), now);
            if (late != null) {
                return HttpAnswer.text(400, late);
            }
        }
        Verdict.Valid valid;
        switch (EnvelopeVerifier.verify(envelope, now)) {
            case Verdict.Invalid(String reason) -> {
                return HttpAnswer.text(403, reason);
            }
            case Verdict.Valid found -> valid = found;
        }
        SnapshotBoard.Certified snapshot = parts.board().latest();
        String unavailable = parts.unavailable().get();
        if (snapshot == null || unavailable != null) {
            return HttpAnswer.text(503, unavailable == null ? "Not ready" : unavailable);
        }
        if (!allowed(valid, read, snapshot)) {
            return HttpAnswer.text(403, "The delegations do not allow the request's receiver");
        }
        return switch (parts.policy().check(snapshot.state(), read, endpoint)) {
            case ReadStatePolicy.Verdict.Refused(int status, String message) ->
                    HttpAnswer.text(status, message);
            case ReadStatePolicy.Verdict.Allowed(List<List<Blob>> paths) ->
                    certificate(snapshot, paths);
        };
    }

    private HttpAnswer certificate(SnapshotBoard.Certified snapshot, List<List<Blob>> paths) {
        try {
            return HttpAnswer.cbor(
                    Cbor.encodeTagged(
                            CborValue.Dictionary.builder()
                                    .bytes("certificate", parts.certificates().of(snapshot, paths))
                                    .build()));
        } catch (LongAnswer.GoneException e) {
            return HttpAnswer.text(503, e.getMessage() + ", ask again");
        }
    }

    /// Interface specification, "Authentication": the receiver of the request whose status is read
    /// must be among the targets of the delegations. The history holds the canister concerned;
    /// calls to the management canister concern one and are received by the empty principal.
    private static boolean allowed(
            Verdict.Valid valid, RequestContent.ReadState read, SnapshotBoard.Certified snapshot) {
        if (valid.targets() == null) {
            return true;
        }
        for (List<Blob> path : read.paths()) {
            if (path.size() >= 2
                    && path.getFirst().equals(CertifiedTree.REQUEST_STATUS)
                    && path.get(1).length() == Digest.LENGTH) {
                RequestId id = new RequestId(Digest.of(path.get(1).shared()));
                IngressEntry entry = snapshot.state().ingress(id);
                if (entry != null
                        && !valid.allows(entry.effective().principal())
                        && !valid.allows(CanisterId.MANAGEMENT.principal())) {
                    return false;
                }
            }
        }
        return true;
    }
}
