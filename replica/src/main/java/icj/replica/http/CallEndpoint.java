package icj.replica.http;

import icj.crypto.ingress.EnvelopeVerifier;
import icj.crypto.ingress.ExpiryRule;
import icj.crypto.ingress.Verdict;
import icj.execution.EffectiveCanisterId;
import icj.execution.Rejection;
import icj.replica.loop.SnapshotBoard;
import icj.replica.loop.WallClock;
import icj.replica.p2p.FrameKind;
import icj.types.CanisterId;
import icj.types.message.Envelope;
import icj.types.message.RequestContent;
import icj.types.message.RequestKind;
import icj.wire.MalformedException;
import icj.wire.cbor.Cbor;
import icj.wire.cbor.CborValue;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/// `POST /api/v{2,3,4}/canister/<id>/call` (interface.md 1.4, 1.5): checks a call, puts it in the
/// pool, tells the peers, and on v3 and v4 waits for the first certificate that holds its outcome.
/// Never 404 (R-I3).
final class CallEndpoint {
    private final ApiParts parts;

    CallEndpoint(ApiParts parts) {
        this.parts = parts;
    }

    void handle(ApiRoute.Canister route, HttpRequestHead request, Consumer<HttpAnswer> answer) {
        Envelope envelope;
        try {
            envelope = Envelope.decode(request.body(), RequestKind.CALL);
        } catch (MalformedException e) {
            answer.accept(HttpAnswer.text(400, "Malformed request: " + e.getMessage()));
            return;
        }
        if (!(envelope.content() instanceof RequestContent.Call call)) {
            answer.accept(HttpAnswer.text(400, "This is not a call"));
            return;
        }
        CanisterId url = new CanisterId(route.id());
        CanisterId effective = EffectiveCanisterId.of(call);
        if (effective == null) {
            answer.accept(
                    HttpAnswer.text(
                            400,
                            "The call to the management canister concerns no canister that its"
                                    + " argument names"));
            return;
        }
        if (!EffectiveCanisterId.matches(url, effective)) {
            answer.accept(
                    HttpAnswer.text(
                            400,
                            "The call concerns canister "
                                    + effective
                                    + ", the address names "
                                    + url));
            return;
        }
        long now = WallClock.nanos();
        String late = ExpiryRule.refusal(call.ingressExpiryNanos(), now);
        if (late != null) {
            answer.accept(HttpAnswer.text(400, late));
            return;
        }
        switch (EnvelopeVerifier.verify(envelope, now)) {
            case Verdict.Invalid(String reason) -> answer.accept(HttpAnswer.text(403, reason));
            case Verdict.Valid valid ->
                    admit(route.version(), request, envelope, call, effective, valid, answer);
        }
    }

    private void admit(
            int version,
            HttpRequestHead request,
            Envelope envelope,
            RequestContent.Call call,
            CanisterId effective,
            Verdict.Valid valid,
            Consumer<HttpAnswer> answer) {
        SnapshotBoard.Certified snapshot = parts.board().latest();
        String unavailable = parts.unavailable().get();
        if (snapshot == null || unavailable != null) {
            answer.accept(HttpAnswer.text(503, unavailable == null ? "Not ready" : unavailable));
            return;
        }
        int connected = 1 + parts.peers().connectedCount();
        int quorum = parts.subnet().quorum().notary();
        if (connected < quorum) {
            answer.accept(
                    HttpAnswer.text(
                            503,
                            "The subnet can't decide: "
                                    + connected
                                    + " of the "
                                    + quorum
                                    + " nodes that a quorum needs are connected"));
            return;
        }
        boolean known =
                parts.ingress().holds(envelope.id())
                        || snapshot.state().ingress().has(envelope.id());
        if (!known) {
            SnapshotBoard.Executed newest = parts.board().newest();
            known = newest != null && newest.state().ingress().has(envelope.id());
        }
        HttpAnswer refusal = known ? null : refusal(snapshot, call, effective);
        if (refusal != null) {
            answer.accept(refusal);
        } else if (!known && ModuleWarmer.installs(call)) {
            parts.modules()
                    .warm(
                            snapshot.state(),
                            call,
                            () -> take(version, request, envelope, valid, answer));
        } else if (!known) {
            take(version, request, envelope, valid, answer);
        } else {
            await(version, envelope, answer);
        }
    }

    private void await(int version, Envelope envelope, Consumer<HttpAnswer> answer) {
        if (version == 2) {
            answer.accept(HttpAnswer.accepted());
        } else {
            parts.waiters().await(envelope.id(), answer);
        }
    }

    /// Why a call that is new here isn't worth a place in a block, or null.
    private @Nullable HttpAnswer refusal(
            SnapshotBoard.Certified snapshot, RequestContent.Call call, CanisterId effective) {
        if (parts.filter().isHistoryFull(snapshot.state())) {
            return HttpAnswer.text(429, "The ingress history is full, try again later");
        }
        Rejection rejection = parts.filter().check(snapshot.state(), call, effective);
        if (rejection == null) {
            return null;
        }
        return HttpAnswer.cbor(
                Cbor.encodeTagged(
                        CborValue.Dictionary.builder()
                                .text("status", "non_replicated_rejection")
                                .nat("reject_code", rejection.code())
                                .text("reject_message", rejection.message())
                                .text("error_code", rejection.errorCode())
                                .build()));
    }

    /// Puts the call into the pool and tells the peers.
    private void take(
            int version,
            HttpRequestHead request,
            Envelope envelope,
            Verdict.Valid valid,
            Consumer<HttpAnswer> answer) {
        switch (parts.ingress().offer(envelope, valid.untilNanos(), null)) {
            case ADDED -> {
                parts.times().pooled(envelope.id(), request.arrivedNanos());
                parts.peers().broadcast(FrameKind.INGRESS, envelope.bytes(), true);
                parts.demand().update(WallClock.nanos());
            }
            case DUPLICATE -> {}
            case FULL, OVER_QUOTA -> {
                answer.accept(HttpAnswer.text(429, "The ingress pool is full, try again later"));
                return;
            }
        }
        await(version, envelope, answer);
    }
}
