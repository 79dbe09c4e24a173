package icj.replica;

import static icj.replica.ApiNode.fields;
import static icj.replica.ApiNode.reply;
import static icj.replica.ApiNode.text;
import static icj.replica.ApiRequests.NO_ARGUMENTS;
import static icj.replica.ApiRequests.RANDOM;
import static icj.replica.ApiRequests.SECOND;
import static icj.replica.ApiRequests.SESSION;
import static icj.replica.ApiRequests.USER;
import static icj.replica.ApiRequests.call;
import static icj.replica.ApiRequests.delegated;
import static icj.replica.ApiRequests.delegation;
import static icj.replica.ApiRequests.id;
import static icj.replica.ApiRequests.label;
import static icj.replica.ApiRequests.now;
import static icj.replica.ApiRequests.query;
import static icj.replica.ApiRequests.read;
import static icj.replica.ApiRequests.signed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.candid.Candid;
import icj.candid.CandidValue;
import icj.candid.Principal;
import icj.crypto.Domain;
import icj.crypto.Ed25519SigningKey;
import icj.crypto.SelfAuthenticating;
import icj.crypto.SigningKey;
import icj.crypto.certificate.Certificate;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.RequestId;
import icj.types.message.Envelope;
import icj.types.message.RequestContent;
import icj.types.message.SignedDelegation;
import icj.wire.cbor.Cbor;
import icj.wire.cbor.CborFields;
import icj.wire.cbor.CborValue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// A row per status code and error of interface.md 1.2 and 1.3, against one whole node.
@Timeout(120)
final class ApiTableTest {
    private static ApiNode node;
    private static CanisterId canister;
    private static CanisterId stranger;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        node = new ApiNode(folder);
        canister = node.canister;
        stranger = node.stranger;
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    /// One row: what is sent, which status comes back and what the error text must contain.
    private record Row(
            String name,
            String method,
            String path,
            String type,
            Blob body,
            int status,
            String text) {}

    private static Row row(String name, String path, Blob body, int status, String text) {
        return new Row(name, "POST", path, "application/cbor", body, status, text);
    }

    /// The fields of a call, to be bent.
    private static CborValue.Builder callFields() {
        return CborValue.Dictionary.builder()
                .text("request_type", "call")
                .bytes("sender", Blob.fromHex("04"))
                .nat("ingress_expiry", now() + 60 * SECOND)
                .bytes("canister_id", id(canister))
                .text("method_name", "inc")
                .bytes("arg", NO_ARGUMENTS);
    }

    private static Blob envelope(CborValue content) {
        return Cbor.encodeTagged(CborValue.Dictionary.builder().put("content", content).build());
    }

    @TestFactory
    Stream<DynamicTest> everyErrorHasItsStatus() {
        List<Row> rows = new ArrayList<>();
        transport(rows);
        malformed(rows);
        authentication(rows);
        delegations(rows);
        reads(rows);
        return rows.stream().map(row -> DynamicTest.dynamicTest(row.name(), () -> check(row)));
    }

    private static void check(Row row) throws Exception {
        HttpResponse<byte[]> answer = node.send(row.path(), row.method(), row.type(), row.body());
        assertEquals(row.status(), answer.statusCode(), () -> text(answer));
        assertEquals(
                "*", answer.headers().firstValue("access-control-allow-origin").orElse("none"));
        if (row.status() != 200) {
            String type = answer.headers().firstValue("content-type").orElse("none");
            assertTrue(row.status() == 202 || type.startsWith("text/plain"), type);
        }
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        assertTrue(body.contains(row.text()), body);
    }

    private static void transport(List<Row> rows) {
        String call = "/api/v3/canister/" + canister + "/call";
        Blob good = Envelope.unsigned(query(Principal.ANONYMOUS, now(), canister)).bytes();
        String query = "/api/v3/canister/" + canister + "/query";
        rows.add(new Row("status", "GET", "/api/v2/status", "x/y", Blob.EMPTY, 200, "root_key"));
        rows.add(
                new Row("status by POST", "POST", "/api/v2/status", "x/y", Blob.EMPTY, 405, "GET"));
        rows.add(new Row("call by GET", "GET", call, "application/cbor", Blob.EMPTY, 405, "POST"));
        rows.add(new Row("any OPTIONS", "OPTIONS", "/nowhere", "x/y", Blob.EMPTY, 200, ""));
        rows.add(row("unknown route", "/api/v2/nothing", good, 404, "nothing at"));
        rows.add(row("unknown version", "/api/v5/canister/" + canister + "/call", good, 404, ""));
        rows.add(row("query v4", "/api/v4/canister/" + canister + "/query", good, 404, ""));
        rows.add(row("subnet call", "/api/v4/subnet/" + canister + "/call", good, 404, ""));
        rows.add(
                row(
                        "id without dashes",
                        query.replace(canister.toString(), canister.toString().replace("-", "")),
                        good,
                        400,
                        "principal"));
        rows.add(row("no id", "/api/v3/canister/xyz/query", good, 400, "principal"));
        rows.add(
                new Row(
                        "content type",
                        "POST",
                        query,
                        "application/json",
                        good,
                        400,
                        "content type"));
        rows.add(
                new Row(
                        "content type with parameters",
                        "POST",
                        query,
                        "application/cbor; x=y",
                        good,
                        200,
                        "replied"));
        rows.add(
                row(
                        "call beyond 2 MiB",
                        call,
                        Blob.owning(new byte[2 * 1024 * 1024 + 1]),
                        413,
                        "at most 2097152 bytes"));
        rows.add(
                row(
                        "body beyond 5 MiB",
                        query,
                        Blob.owning(new byte[5 * 1024 * 1024 + 1]),
                        413,
                        "larger than 5242880 bytes"));
        rows.add(
                row(
                        "unknown subnet",
                        "/api/v3/subnet/" + canister + "/read_state",
                        good,
                        400,
                        "no subnet"));
    }

    private static void malformed(List<Row> rows) {
        String call = "/api/v3/canister/" + canister + "/call";
        rows.add(row("empty body", call, Blob.EMPTY, 400, "Malformed"));
        rows.add(row("garbage", call, Blob.fromHex("ff00ff"), 400, "Malformed"));
        rows.add(row("trailing bytes", call, Blob.fromHex("a000"), 400, "Malformed"));
        rows.add(row("no content", call, Blob.fromHex("a0"), 400, "content"));
        rows.add(
                row(
                        "a key twice",
                        call,
                        Blob.fromHex("a267636f6e74656e74a067636f6e74656e74a0"),
                        400,
                        "Malformed"));
        rows.add(row("a deep nest", call, Blob.owning(nest(10_000)), 400, "Malformed"));
        rows.add(row("no sender", call, envelope(without("sender")), 400, "sender"));
        rows.add(row("no method", call, envelope(without("method_name")), 400, "method_name"));
        rows.add(
                row(
                        "unknown field in the content",
                        call,
                        envelope(callFields().nat("colour", 1).build()),
                        400,
                        "colour"));
        rows.add(
                row(
                        "nonce of 33 bytes",
                        call,
                        envelope(callFields().bytes("nonce", Blob.owning(new byte[33])).build()),
                        400,
                        "nonce"));
        rows.add(
                row(
                        "a query at the address of calls",
                        call,
                        Envelope.unsigned(query(Principal.ANONYMOUS, now(), canister)).bytes(),
                        400,
                        "request_type"));
        rows.add(
                row(
                        "another canister than the address names",
                        call,
                        Envelope.unsigned(call(Principal.ANONYMOUS, now() + 60 * SECOND, stranger))
                                .bytes(),
                        400,
                        "the address names"));
        rows.add(
                row(
                        "a management call without a canister",
                        call,
                        Envelope.unsigned(
                                        new RequestContent.Call(
                                                Principal.ANONYMOUS,
                                                now() + 60 * SECOND,
                                                null,
                                                CanisterId.MANAGEMENT,
                                                "start_canister",
                                                NO_ARGUMENTS))
                                .bytes(),
                        400,
                        "names"));
        long late = now() - SECOND;
        long early = now() + 340 * SECOND;
        for (long expiry : new long[] {late, early, 0, -1}) {
            rows.add(
                    row(
                            "expiry " + Long.toUnsignedString(expiry),
                            call,
                            Envelope.unsigned(call(Principal.ANONYMOUS, expiry, canister)).bytes(),
                            400,
                            "Invalid request expiry: "));
        }
        rows.add(
                row(
                        "an anonymous query's expiry means nothing",
                        "/api/v2/canister/" + canister + "/query",
                        Envelope.unsigned(query(Principal.ANONYMOUS, late, canister)).bytes(),
                        200,
                        "replied"));
    }

    private static byte[] nest(int depth) {
        byte[] nest = new byte[depth];
        Arrays.fill(nest, (byte) 0x81);
        return nest;
    }

    private static CborValue without(String field) {
        CborValue.Dictionary whole = callFields().build();
        CborValue.Builder part = CborValue.Dictionary.builder();
        whole.entries()
                .forEach((key, value) -> {
                    if (!key.equals(field)) {
                        part.put(key, value);
                    }
                });
        return part.build();
    }

    private static void authentication(List<Row> rows) {
        String path = "/api/v3/canister/" + canister + "/query";
        Principal user = USER.principal();
        long expiry = now() + 60 * SECOND;
        RequestContent.Query query = query(user, expiry, canister);
        Blob signature = USER.sign(Domain.request(query.id()));
        rows.add(row("a good signature", path, signed(query), 200, "replied"));
        rows.add(
                row(
                        "no signature",
                        path,
                        Envelope.of(query, USER.publicKeyDer(), null, List.of()).bytes(),
                        403,
                        "sender_sig"));
        rows.add(
                row(
                        "no key",
                        path,
                        Envelope.of(query, null, signature, List.of()).bytes(),
                        403,
                        "sender_pubkey"));
        rows.add(
                row(
                        "another user's key",
                        path,
                        signed(query, SESSION.publicKeyDer(), SESSION, List.of()),
                        403,
                        "not the principal"));
        rows.add(
                row(
                        "a signature of something else",
                        path,
                        Envelope.of(
                                        query(user, expiry, canister),
                                        USER.publicKeyDer(),
                                        signature,
                                        List.of())
                                .bytes(),
                        403,
                        "signature"));
        rows.add(
                row(
                        "an anonymous request with a signature",
                        path,
                        Envelope.of(
                                        query(Principal.ANONYMOUS, expiry, canister),
                                        USER.publicKeyDer(),
                                        signature,
                                        List.of())
                                .bytes(),
                        403,
                        "anonymous"));
        // The identity point: a small-order key, for which any message has a signature.
        Blob small =
                Blob.fromHex(
                        "302a300506032b6570032100"
                            + "0100000000000000000000000000000000000000000000000000000000000000");
        Principal nobody = SelfAuthenticating.principal(small);
        rows.add(
                row(
                        "a key of small order",
                        path,
                        Envelope.of(
                                        query(nobody, expiry, canister),
                                        small,
                                        Blob.owning(new byte[64]),
                                        List.of())
                                .bytes(),
                        403,
                        "small order"));
        rows.add(
                row(
                        "a signed query that has expired",
                        path,
                        signed(query(user, now() - SECOND, canister)),
                        400,
                        "Invalid request expiry: "));
    }

    private static void delegations(List<Row> rows) {
        String path = "/api/v3/canister/" + canister + "/query";
        Principal user = USER.principal();
        long expiry = now() + 60 * SECOND;
        Blob session = SESSION.publicKeyDer();
        RequestContent.Query query = query(user, expiry, canister);
        rows.add(
                row(
                        "a delegation",
                        path,
                        delegated(query, delegation(USER, session, expiry, null, null)),
                        200,
                        "replied"));
        rows.add(
                row(
                        "a delegation for this canister",
                        path,
                        delegated(
                                query,
                                delegation(
                                        USER,
                                        session,
                                        expiry,
                                        List.of(canister.principal()),
                                        "all")),
                        200,
                        "replied"));
        rows.add(
                row(
                        "a delegation for another canister",
                        path,
                        delegated(
                                query,
                                delegation(
                                        USER,
                                        session,
                                        expiry,
                                        List.of(stranger.principal()),
                                        null)),
                        403,
                        "do not allow"));
        rows.add(
                row(
                        "an expired delegation",
                        path,
                        delegated(query, delegation(USER, session, now() - SECOND, null, null)),
                        403,
                        "expired"));
        rows.add(
                row(
                        "a loop of delegations",
                        path,
                        delegated(
                                query,
                                delegation(USER, session, expiry, null, null),
                                delegation(SESSION, USER.publicKeyDer(), expiry, null, null),
                                delegation(USER, session, expiry, null, null)),
                        403,
                        "twice"));
        rows.add(
                row(
                        "a delegation that somebody else signed",
                        path,
                        delegated(query, delegation(SESSION, session, expiry, null, null)),
                        403,
                        "signature"));
        rows.add(
                row(
                        "unknown permissions",
                        path,
                        delegated(query, delegation(USER, session, expiry, null, "some")),
                        403,
                        "permissions"));
        rows.add(
                row(
                        "a query by a delegation for queries",
                        path,
                        delegated(query, delegation(USER, session, expiry, null, "queries")),
                        200,
                        "replied"));
        rows.add(
                row(
                        "a call by a delegation for queries",
                        "/api/v3/canister/" + canister + "/call",
                        delegated(
                                call(user, expiry, canister),
                                delegation(USER, session, expiry, null, "queries")),
                        403,
                        "queries only"));
        SignedDelegation[] tooMany = new SignedDelegation[21];
        SigningKey from = USER;
        for (int i = 0; i < tooMany.length; i++) {
            Ed25519SigningKey to =
                    i == tooMany.length - 1 ? SESSION : Ed25519SigningKey.generate(RANDOM);
            tooMany[i] = delegation(from, to.publicKeyDer(), expiry, null, null);
            from = to;
        }
        rows.add(
                row(
                        "more than twenty delegations",
                        path,
                        delegated(query, tooMany),
                        400,
                        "sender_delegation"));
    }

    private static void reads(List<Row> rows) {
        String path = "/api/v3/canister/" + canister + "/read_state";
        Blob status = label("request_status");
        Blob known = label("canister");
        readRow(rows, path, "no path", List.of(), 200, "certificate");
        readRow(rows, path, "time", List.of(List.of(label("time"))), 200, "certificate");
        readRow(rows, path, "subnets", List.of(List.of(label("subnet"))), 200, "certificate");
        readRow(
                rows,
                path,
                "module hash",
                List.of(List.of(known, id(canister), label("module_hash"))),
                200,
                "certificate");
        readRow(
                rows,
                path,
                "an absent request",
                List.of(List.of(status, Blob.owning(new byte[32]))),
                200,
                "certificate");
        readRow(rows, path, "the empty path", List.of(List.of()), 404, "Invalid path requested.");
        readRow(
                rows,
                path,
                "an unknown label",
                List.of(List.of(label("nothing"))),
                404,
                "Invalid path requested.");
        readRow(
                rows,
                path,
                "a request id of 31 bytes",
                List.of(List.of(status, Blob.owning(new byte[31]))),
                400,
                "32 bytes");
        readRow(
                rows,
                path,
                "two requests",
                List.of(
                        List.of(status, Blob.owning(new byte[32])),
                        List.of(status, Blob.fromHex("01".repeat(32)))),
                400,
                "one request");
        readRow(
                rows,
                path,
                "another canister",
                List.of(List.of(known, id(stranger), label("module_hash"))),
                400,
                "the URL names");
        List<List<Blob>> many = new ArrayList<>();
        for (int i = 0; i < 1_001; i++) {
            many.add(List.of(label("time")));
        }
        readRow(rows, path, "1,001 paths", many, 400, "paths");
    }

    private static void readRow(
            List<Row> rows,
            String path,
            String name,
            List<List<Blob>> paths,
            int status,
            String text) {
        Blob body = Envelope.unsigned(read(Principal.ANONYMOUS, paths)).bytes();
        rows.add(row("read " + name, path, body, status, text));
    }

    @Test
    void aCallToAnUnknownCanisterIsRejectedWithStatus200() throws Exception {
        HttpResponse<byte[]> answer =
                node.post(
                        "/api/v4/canister/" + stranger + "/call",
                        Envelope.unsigned(call(Principal.ANONYMOUS, now() + 60 * SECOND, stranger))
                                .bytes());
        assertEquals(200, answer.statusCode(), () -> text(answer));
        CborFields fields = fields(answer);
        assertEquals("non_replicated_rejection", fields.text("status"));
        assertEquals(3, fields.nat64("reject_code"));
        assertEquals("IC0301", fields.text("error_code"));
    }

    @Test
    void aReplayedCallIsExecutedOnceAndAnsweredWithTheSameOutcome() throws Exception {
        long before = counter();
        RequestContent.Call call = call(USER.principal(), now() + 60 * SECOND, canister);
        Blob body = signed(call);
        Blob first = reply(node.post("/api/v3/canister/" + canister + "/call", body));
        for (int version = 3; version <= 4; version++) {
            Blob again =
                    reply(node.post("/api/v" + version + "/canister/" + canister + "/call", body));
            assertEquals(first, again);
        }
        assertEquals(202, node.post("/api/v2/canister/" + canister + "/call", body).statusCode());
        assertEquals(before + 1, counter());
    }

    @Test
    void anAsynchronousCallIsAcceptedAndItsOutcomeCanBeRead() throws Exception {
        RequestContent.Call call = call(USER.principal(), now() + 60 * SECOND, canister);
        HttpResponse<byte[]> accepted =
                node.post("/api/v2/canister/" + canister + "/call", signed(call));
        assertEquals(202, accepted.statusCode(), () -> text(accepted));
        Blob reply = null;
        while (reply == null) {
            HttpResponse<byte[]> answer =
                    node.post(
                            "/api/v2/canister/" + canister + "/read_state",
                            signed(read(USER.principal(), List.of(path(call.id())))));
            assertEquals(200, answer.statusCode(), () -> text(answer));
            Blob bytes = fields(answer).bytes("certificate", Integer.MAX_VALUE);
            reply = Revealed.reply(Certificate.decode(bytes).tree());
        }
        HttpResponse<byte[]> others =
                node.post(
                        "/api/v3/canister/" + canister + "/read_state",
                        Envelope.unsigned(read(Principal.ANONYMOUS, List.of(path(call.id()))))
                                .bytes());
        assertEquals(403, others.statusCode(), () -> text(others));
    }

    private static List<Blob> path(RequestId id) {
        return List.of(label("request_status"), Blob.of(id.digest().toBytes()));
    }

    private static long counter() throws Exception {
        HttpResponse<byte[]> answer =
                node.post(
                        "/api/v3/canister/" + canister + "/query",
                        Envelope.unsigned(query(Principal.ANONYMOUS, now(), canister)).bytes());
        assertEquals(200, answer.statusCode(), () -> text(answer));
        Blob arg = fields(answer).map("reply", "reply").bytes("arg", Integer.MAX_VALUE);
        return ((CandidValue.Nat) Candid.decode(arg.shared()).values().getFirst())
                .value()
                .longValue();
    }
}
