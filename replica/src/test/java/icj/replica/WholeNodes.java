package icj.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;

import icj.agent.Agent;
import icj.agent.CanisterSettings;
import icj.agent.InstallMode;
import icj.candid.Candid;
import icj.candid.CandidValue;
import icj.candid.Principal;
import icj.execution.wasm.engine.ChicoryRuntime;
import icj.execution.wasm.engine.RuntimeSettings;
import icj.testing.Await;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.message.Envelope;
import icj.types.message.RequestContent;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/// Whole nodes in this process, for the tests of them: real stores, sockets, keys and loops.
abstract class WholeNodes {
    @TempDir Path folder;

    final HttpClient client = HttpClient.newHttpClient();
    final List<Replica> running = new ArrayList<>();
    final AtomicReference<String> died = new AtomicReference<>();

    @AfterEach
    void stop() {
        for (Replica replica : running) {
            replica.close();
        }
        assertEquals(null, died.get());
    }

    Replica start(TestNetwork network, String name) throws Exception {
        NodeConfig config = network.config(name);
        Replica replica =
                Replica.start(
                        config,
                        network.registry,
                        new ChicoryRuntime(
                                RuntimeSettings.inProcess(RuntimeSettings.Engine.COMPILED)),
                        (sentence, cause) -> {
                            died.compareAndSet(null, sentence + ": " + cause);
                        });
        running.add(replica);
        return replica;
    }

    void awaitReady(Replica replica) throws Exception {
        Await.until(
                () -> "ready, but " + replica.readiness().toJson(),
                () -> {
                    assertEquals(null, died.get());
                    return replica.readiness().firstReason() == null;
                });
    }

    /// Waits until the node isn't ready for want of this part.
    static void awaitReason(Replica replica, String part) throws Exception {
        Await.until(
                () -> part + " is why not ready, but " + replica.readiness().toJson(),
                () -> String.valueOf(replica.readiness().firstReason()).startsWith(part + ":"));
    }

    HttpResponse<byte[]> get(int port, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> post(int port, String path, Blob body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Content-Type", "application/cbor")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body.toBytes()))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    static Blob readTime() {
        return Envelope.unsigned(
                        new RequestContent.ReadState(
                                Principal.ANONYMOUS,
                                System.currentTimeMillis() * 1_000_000L + 60_000_000_000L,
                                null,
                                List.of(List.of(Blob.of("time".getBytes(StandardCharsets.UTF_8))))))
                .bytes();
    }

    static Blob call(String canister) {
        byte[] nonce = new byte[16];
        new SecureRandom().nextBytes(nonce);
        return Envelope.unsigned(
                        new RequestContent.Call(
                                Principal.ANONYMOUS,
                                System.currentTimeMillis() * 1_000_000L + 60_000_000_000L,
                                Blob.of(nonce),
                                CanisterId.MANAGEMENT,
                                "provisional_create_canister_with_cycles",
                                Blob.owning(
                                        Candid.encode(
                                                List.of(CandidValue.Record.builder().build())))))
                .bytes();
    }

    /// Starts every node of the network, those of its root subnet first.
    List<Replica> startAll(TestNetwork network) throws Exception {
        return startAll(network, network.configs());
    }

    /// Starts these nodes and waits until all are ready.
    List<Replica> startAll(TestNetwork network, List<NodeConfig> configs) throws Exception {
        List<Replica> all = new ArrayList<>();
        for (NodeConfig config : configs) {
            all.add(start(network, config.name()));
        }
        for (Replica node : all) {
            awaitReady(node);
        }
        return all;
    }

    void close(Replica replica) {
        replica.close();
        running.remove(replica);
    }

    /// The series `name` (with its labels) of a node's metrics.
    double metric(Replica node, String name) throws Exception {
        String text =
                new String(get(node.metricsPort(), "/metrics").body(), StandardCharsets.UTF_8);
        for (String line : text.split("\n")) {
            if (line.startsWith(name + " ")) {
                return Double.parseDouble(line.substring(name.length() + 1));
            }
        }
        throw new AssertionError("There is no " + name + " in\n" + text);
    }

    static Agent agent(TestNetwork network, Replica node) throws Exception {
        return Agent.builder(URI.create("http://127.0.0.1:" + node.httpPort()))
                .rootKey(network.registry().rootKeyDer())
                .callTimeout(Duration.ofSeconds(60))
                .build();
    }

    /// A new canister with this module.
    static CanisterId install(Agent agent, TestNetwork network, byte[] module) throws Exception {
        CanisterId effective = network.registry().root().ranges().getFirst().first();
        CanisterId id = agent.management().create(null, CanisterSettings.UNCHANGED, effective);
        agent.management().install(id, new InstallMode.Install(), module, Blob.EMPTY);
        return id;
    }
}
