package icj.replica.http;

import icj.replica.loop.SnapshotBoard;
import icj.state.model.CanisterState;
import icj.types.CanisterId;
import icj.types.NodeId;
import icj.types.SubnetId;
import icj.types.registry.NodeRecord;
import icj.types.registry.SubnetRecord;
import icj.wire.cbor.Cbor;
import icj.wire.cbor.CborValue;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// The public interface of a node (interface.md 1): finds out what a request asks for and whose it
/// is, answers it here or passes it on to a node of the right subnet (R-I1).
public final class ApiEndpoint implements HttpEndpoint {
    /// What the status says of this program.
    static final String IMPLEMENTATION = "icj-0.1.0";

    private static final Logger LOG = LoggerFactory.getLogger(ApiEndpoint.class);

    private final ApiParts parts;
    private final CallEndpoint calls;
    private final QueryEndpoint queries;
    private final ReadStateEndpoint reads;
    private final AtomicInteger turn = new AtomicInteger();

    public ApiEndpoint(ApiParts parts) {
        this.parts = parts;
        calls = new CallEndpoint(parts);
        queries = new QueryEndpoint(parts);
        reads = new ReadStateEndpoint(parts);
    }

    @Override
    public void handle(HttpRequestHead request, Consumer<HttpAnswer> answer) {
        switch (ApiRoute.parse(request.method(), request.path())) {
            case ApiRoute.Refused(HttpAnswer refusal) -> finish("none", answer, refusal);
            case ApiRoute.Status _ -> finish("status", answer, status());
            case ApiRoute.Canister route -> canister(route, request, counted(route.verb(), answer));
            case ApiRoute.Subnet route -> subnet(route, request, counted(route.verb(), answer));
        }
    }

    private Consumer<HttpAnswer> counted(ApiRoute.Verb verb, Consumer<HttpAnswer> answer) {
        return given -> finish(verb.word(), answer, given);
    }

    private void finish(String verb, Consumer<HttpAnswer> answer, HttpAnswer given) {
        parts.metrics()
                .counter(
                        "ic_http_answers_total",
                        "Answers to clients by what was asked and status",
                        "verb",
                        verb,
                        "status",
                        Integer.toString(given.status()))
                .increment();
        answer.accept(given);
    }

    private HttpAnswer status() {
        String reason = parts.unavailable().get();
        SnapshotBoard.Certified latest = parts.board().latest();
        return HttpAnswer.cbor(
                Cbor.encodeTagged(
                        CborValue.Dictionary.builder()
                                .bytes("root_key", parts.registry().rootKeyDer())
                                .text("impl_version", IMPLEMENTATION)
                                .text(
                                        "replica_health_status",
                                        reason == null ? "healthy" : "starting")
                                .nat(
                                        "certified_height",
                                        latest == null ? 0 : latest.height().value())
                                .build()));
    }

    private void canister(
            ApiRoute.Canister route, HttpRequestHead request, Consumer<HttpAnswer> answer) {
        HttpAnswer refusal = refusal(request, route.verb());
        if (refusal != null) {
            answer.accept(refusal);
            return;
        }
        CanisterId effective = new CanisterId(route.id());
        SubnetRecord home = home(effective);
        boolean here = home.id().equals(parts.subnet().id());
        if (route.verb() == ApiRoute.Verb.CALL
                && effective.equals(CanisterId.MANAGEMENT)
                && !here) {
            // R-I2: agents refuse a certificate with a delegation for this id, since no range
            // holds it.
            answer.accept(
                    HttpAnswer.text(
                            400,
                            "Name an effective canister id of the subnet that is meant, such as "
                                    + parts.registry()
                                            .defaultSubnet()
                                            .ranges()
                                            .getFirst()
                                            .first()));
        } else if (here) {
            int seconds = route.verb() == ApiRoute.Verb.CALL ? retrySeconds(effective) : 0;
            if (seconds > 0) {
                // Before anything of it is decoded: what is refused must cost little.
                answer.accept(
                        HttpAnswer.busy(
                                seconds,
                                "The subnet has more calls to do than it answers in time, try"
                                        + " again later"));
                return;
            }
            onWorker(
                    route.verb() == ApiRoute.Verb.QUERY
                            ? parts.queryWorkers()
                            : parts.callWorkers(),
                    answer,
                    () -> {
                        switch (route.verb()) {
                            case CALL -> calls.handle(route, request, answer);
                            case QUERY -> queries.handle(route, request, answer);
                            case READ_STATE -> reads.canister(route, request, answer);
                        }
                    });
        } else {
            relay(home, route.verb(), request, answer);
        }
    }

    private int retrySeconds(CanisterId canister) {
        SnapshotBoard.Certified latest = parts.board().latest();
        CanisterState state = latest == null ? null : latest.state().canister(canister);
        return parts.admission()
                .retrySeconds(
                        state == null ? 0 : state.queues().ingress().size(), System.nanoTime());
    }

    /// The subnet that answers for this canister: the one whose numbers hold it; the root for all
    /// others, the management canister among them (R-I2).
    private SubnetRecord home(CanisterId canister) {
        SubnetRecord home = parts.registry().route(canister);
        return home == null ? parts.registry().root() : home;
    }

    private void subnet(
            ApiRoute.Subnet route, HttpRequestHead request, Consumer<HttpAnswer> answer) {
        HttpAnswer refusal = refusal(request, route.verb());
        if (refusal != null) {
            answer.accept(refusal);
            return;
        }
        SubnetRecord home = parts.registry().subnets().get(new SubnetId(route.id()));
        if (home == null) {
            answer.accept(HttpAnswer.text(400, "There is no subnet " + route.id()));
        } else if (home.id().equals(parts.subnet().id())) {
            onWorker(parts.callWorkers(), answer, () -> reads.subnet(route, request, answer));
        } else {
            relay(home, route.verb(), request, answer);
        }
    }

    private static @Nullable HttpAnswer refusal(HttpRequestHead request, ApiRoute.Verb verb) {
        String type = request.contentType();
        if (type != null && !mediaType(type).equals(HttpAnswer.CBOR)) {
            return HttpAnswer.text(400, "The content type must be " + HttpAnswer.CBOR);
        }
        if (verb == ApiRoute.Verb.CALL && request.body().length() > HttpLimits.INGRESS_BYTES_MAX) {
            return HttpAnswer.text(
                    413, "A call has at most " + HttpLimits.INGRESS_BYTES_MAX + " bytes");
        }
        return null;
    }

    private static String mediaType(String contentType) {
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return type.strip().toLowerCase(java.util.Locale.ROOT);
    }

    private static void onWorker(Executor workers, Consumer<HttpAnswer> answer, Runnable work) {
        try {
            workers.execute(() -> {
                try {
                    work.run();
                } catch (RuntimeException e) {
                    LOG.error("A request failed", e);
                    answer.accept(HttpAnswer.text(500, "Internal error"));
                }
            });
        } catch (RejectedExecutionException e) {
            answer.accept(HttpAnswer.text(503, "Too many requests are being worked on"));
        }
    }

    /// R-I1: one hop. The nodes of the subnet take turns; when one can't be reached the next is
    /// asked.
    private void relay(
            SubnetRecord home,
            ApiRoute.Verb verb,
            HttpRequestHead request,
            Consumer<HttpAnswer> answer) {
        if (request.relayed()) {
            answer.accept(
                    HttpAnswer.text(400, "This node is not of subnet " + home.id() + " either"));
            return;
        }
        List<HttpForwarder.Target> targets = new ArrayList<>();
        List<NodeId> members = home.members();
        int first = Math.floorMod(turn.getAndIncrement(), members.size());
        for (int i = 0; i < members.size(); i++) {
            NodeRecord node = parts.registry().node(members.get((first + i) % members.size()));
            targets.add(new HttpForwarder.Target(node.httpHost(), node.httpPort()));
        }
        parts.forwarder()
                .forward(
                        targets,
                        request.method(),
                        request.path(),
                        request.body(),
                        verb == ApiRoute.Verb.CALL
                                ? HttpForwarder.CALL_MILLIS_MAX
                                : HttpForwarder.READ_MILLIS_MAX,
                        answer);
    }
}
