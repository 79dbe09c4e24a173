package icj.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import icj.candid.Candid;
import icj.candid.CandidValue;
import icj.candid.Principal;
import icj.crypto.certificate.Certificate;
import icj.execution.wasm.engine.ChicoryRuntime;
import icj.execution.wasm.engine.RuntimeSettings;
import icj.testing.Await;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.message.Envelope;
import icj.types.message.RequestContent;
import icj.types.registry.CanisterRange;
import icj.wire.cbor.Cbor;
import icj.wire.cbor.CborFields;
import icj.wire.cbor.CborLimits;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A network of one whole node with the counter installed, asked as any client asks.
final class ApiNode implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final Replica node;

    /// An id of its subnet that no canister has.
    final CanisterId stranger;

    /// The counter.
    final CanisterId canister;

    ApiNode(Path folder) throws Exception {
        TestNetwork network = TestNetwork.create(folder, 1);
        node =
                Replica.start(
                        network.config("1"),
                        network.registry,
                        new ChicoryRuntime(
                                RuntimeSettings.inProcess(RuntimeSettings.Engine.COMPILED)),
                        (sentence, cause) -> {
                            throw new AssertionError(sentence, cause);
                        });
        Await.until(
                () -> "ready, but " + node.readiness().toJson(),
                () -> node.readiness().firstReason() == null);
        CanisterRange range = network.registry.root().ranges().getFirst();
        stranger = range.last();
        canister = create(range.first());
        install();
    }

    @Override
    public void close() {
        node.close();
    }

    private CanisterId create(CanisterId effective) throws Exception {
        CandidValue settings =
                CandidValue.Record.builder()
                        .put("settings", new CandidValue.Opt(CandidValue.Record.builder().build()))
                        .build();
        Blob reply =
                reply(management("provisional_create_canister_with_cycles", settings, effective));
        CandidValue.Record record =
                (CandidValue.Record) Candid.decode(reply.shared()).values().getFirst();
        return new CanisterId(((CandidValue.Id) record.get("canister_id")).value());
    }

    private void install() throws Exception {
        byte[] wasm =
                Files.readAllBytes(
                        Path.of(System.getProperty("icj.root"), "examples/counter/counter.wasm"));
        CandidValue argument =
                CandidValue.Record.builder()
                        .put("mode", CandidValue.Variant.of("install"))
                        .put("canister_id", new CandidValue.Id(canister.principal()))
                        .put("wasm_module", CandidValue.Blob.of(wasm))
                        .put("arg", CandidValue.Blob.of(ApiRequests.NO_ARGUMENTS.toBytes()))
                        .build();
        assertNotNull(reply(management("install_code", argument, canister)));
    }

    private HttpResponse<byte[]> management(
            String method, CandidValue argument, CanisterId effective) throws Exception {
        RequestContent.Call call =
                new RequestContent.Call(
                        Principal.ANONYMOUS,
                        ApiRequests.now() + 120 * ApiRequests.SECOND,
                        null,
                        CanisterId.MANAGEMENT,
                        method,
                        Blob.owning(Candid.encode(List.of(argument))));
        return post("/api/v3/canister/" + effective + "/call", Envelope.unsigned(call).bytes());
    }

    HttpResponse<byte[]> post(String path, Blob body) throws Exception {
        return send(path, "POST", "application/cbor", body);
    }

    HttpResponse<byte[]> send(String path, String method, String contentType, Blob body)
            throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.httpPort() + path))
                        .header("Content-Type", contentType)
                        .method(method, HttpRequest.BodyPublishers.ofByteArray(body.toBytes()))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    /// The reply in the certificate of an answer.
    static Blob reply(HttpResponse<byte[]> answer) throws Exception {
        assertEquals(200, answer.statusCode(), () -> text(answer));
        Blob bytes = fields(answer).bytes("certificate", Integer.MAX_VALUE);
        Certificate certificate = Certificate.decode(bytes);
        Blob found = Revealed.reply(certificate.tree());
        assertNotNull(found, () -> text(answer));
        return found;
    }

    /// Status and body.
    static String text(HttpResponse<byte[]> answer) {
        return answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8);
    }

    static CborFields fields(HttpResponse<byte[]> answer) throws Exception {
        return CborFields.of(Cbor.decode(Blob.of(answer.body()), CborLimits.CERTIFICATE), "it");
    }
}
