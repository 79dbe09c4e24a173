package icj.replica.http;

import icj.crypto.Domain;
import icj.crypto.ingress.EnvelopeVerifier;
import icj.crypto.ingress.ExpiryRule;
import icj.crypto.ingress.Verdict;
import icj.execution.CertifiedTree;
import icj.execution.EffectiveCanisterId;
import icj.execution.QueryOutcome;
import icj.replica.loop.SnapshotBoard;
import icj.replica.loop.WallClock;
import icj.replica.metrics.Histogram;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.RequestId;
import icj.types.message.Envelope;
import icj.types.message.RequestContent;
import icj.types.message.RequestKind;
import icj.wire.MalformedException;
import icj.wire.cbor.Cbor;
import icj.wire.cbor.CborValue;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// `POST /api/v{2,3}/canister/<id>/query`: runs a query on the last certified snapshot and signs
/// the answer with the node's key (interface.md 1.4).
final class QueryEndpoint {
    private static final Blob CERTIFIED_DATA =
            Blob.of("certified_data".getBytes(StandardCharsets.UTF_8));

    private final ApiParts parts;
    private final Histogram times;

    QueryEndpoint(ApiParts parts) {
        this.parts = parts;
        times =
                parts.metrics()
                        .histogram("ic_query_seconds", "Time of queries, from the last byte");
    }

    void handle(ApiRoute.Canister route, HttpRequestHead request, Consumer<HttpAnswer> answer) {
        Envelope envelope;
        try {
            envelope = Envelope.decode(request.body(), RequestKind.QUERY);
        } catch (MalformedException e) {
            answer.accept(HttpAnswer.text(400, "Malformed request: " + e.getMessage()));
            return;
        }
        if (!(envelope.content() instanceof RequestContent.Query query)) {
            answer.accept(HttpAnswer.text(400, "This is not a query"));
            return;
        }
        CanisterId url = new CanisterId(route.id());
        CanisterId effective = EffectiveCanisterId.of(query);
        if (effective == null || !EffectiveCanisterId.matches(url, effective)) {
            answer.accept(
                    HttpAnswer.text(
                            400, "The query concerns another canister than the address names"));
            return;
        }
        HttpAnswer refusal = refusal(envelope);
        if (refusal != null) {
            answer.accept(refusal);
            return;
        }
        SnapshotBoard.Certified snapshot = parts.board().latest();
        String unavailable = parts.unavailable().get();
        if (snapshot == null || unavailable != null) {
            answer.accept(HttpAnswer.text(503, unavailable == null ? "Not ready" : unavailable));
            return;
        }
        QueryOutcome outcome =
                parts.queries()
                        .query(
                                snapshot.state(),
                                query,
                                dataCertificate(snapshot, query.canister()));
        answer.accept(HttpAnswer.cbor(signed(outcome, envelope.id())));
        times.observeSince(request.arrivedNanos());
    }

    /// Why the sender may not ask, or null. The expiry of what nobody signed means nothing.
    static @Nullable HttpAnswer refusal(Envelope envelope) {
        long now = WallClock.nanos();
        if (!envelope.content().sender().isAnonymous()) {
            String late = ExpiryRule.refusal(envelope.content().ingressExpiryNanos(), now);
            if (late != null) {
                return HttpAnswer.text(400, late);
            }
        }
        return switch (EnvelopeVerifier.verify(envelope, now)) {
            case Verdict.Invalid(String reason) -> HttpAnswer.text(403, reason);
            case Verdict.Valid _ -> null;
        };
    }

    private Supplier<Blob> dataCertificate(SnapshotBoard.Certified snapshot, CanisterId canister) {
        List<Blob> path =
                List.of(
                        CertifiedTree.CANISTER,
                        Blob.owning(canister.principal().toBytes()),
                        CERTIFIED_DATA);
        return () -> parts.certificates().of(snapshot, List.of(path));
    }

    private Blob signed(QueryOutcome outcome, RequestId id) {
        long now = WallClock.nanos();
        CborValue.Builder map = CborValue.Dictionary.builder();
        byte[] message =
                switch (outcome) {
                    case QueryOutcome.Replied(Blob data) -> {
                        map.text("status", "replied");
                        map.put("reply", CborValue.Dictionary.builder().bytes("arg", data).build());
                        yield Domain.queryReplied(data, now, id);
                    }
                    case QueryOutcome.Rejected(int code, String text, String errorCode) -> {
                        map.text("status", "rejected")
                                .nat("reject_code", code)
                                .text("reject_message", text)
                                .text("error_code", errorCode);
                        yield Domain.queryRejected(code, text, errorCode, now, id);
                    }
                };
        CborValue signature =
                CborValue.Dictionary.builder()
                        .nat("timestamp", now)
                        .bytes("signature", parts.signer().sign(message))
                        .bytes(
                                "identity",
                                Blob.owning(parts.signer().nodeId().principal().toBytes()))
                        .build();
        map.put("signatures", new CborValue.Array(List.of(signature)));
        return Cbor.encodeTagged(map.build());
    }
}
