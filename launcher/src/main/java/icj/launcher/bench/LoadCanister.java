package icj.launcher.bench;

import icj.agent.Agent;
import icj.agent.AgentException;
import icj.agent.CanisterSettings;
import icj.agent.Identity;
import icj.agent.InstallMode;
import icj.candid.Candid;
import icj.candid.CandidException;
import icj.candid.CandidType;
import icj.candid.CandidValue;
import icj.crypto.Ed25519SigningKey;
import icj.launcher.ExitCode;
import icj.launcher.Failure;
import icj.launcher.client.Calls;
import icj.types.Blob;
import icj.types.CanisterId;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// The canister that benches call (`load.wat`), made for one bench and deleted after it.
final class LoadCanister implements MarkLookup, AutoCloseable {
    /// So many numbers are looked up at once: what the canister takes.
    private static final int LOOKUP_NUMBERS = 131_072;

    private static final BigInteger CYCLES = BigInteger.valueOf(100_000_000_000_000L);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LOOK_PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK_PAUSE = Duration.ofMillis(200);

    private final Agent agent;
    private final CanisterId id;

    private LoadCanister(Agent agent, CanisterId id) {
        this.agent = agent;
        this.id = id;
    }

    /// Makes the canister at the first node.
    static LoadCanister make(Endpoint endpoint) {
        Agent agent =
                Calls.ask(
                        "Asking " + endpoint.nodes().getFirst(),
                        Agent.builder(endpoint.nodes().getFirst())
                                        .rootKey(endpoint.rootKey())
                                        .identity(newIdentity())
                                        .patience(PATIENCE)
                                ::build);
        CanisterId id =
                Calls.ask(
                        "Making the canister of the bench",
                        () ->
                                agent.management()
                                        .create(
                                                CYCLES,
                                                CanisterSettings.UNCHANGED,
                                                endpoint.effective()));
        LoadCanister canister = new LoadCanister(agent, id);
        Calls.run(
                "The installation of the canister of the bench",
                () ->
                        agent.management()
                                .install(id, new InstallMode.Install(), module(), arguments()));
        return canister;
    }

    /// A fresh key: benches never use those of the user.
    static Identity newIdentity() {
        return Identity.of(Ed25519SigningKey.generate(new SecureRandom()));
    }

    private static byte[] module() {
        try (InputStream in =
                LoadCanister.class.getResourceAsStream("/icj/launcher/bench/load.wasm")) {
            if (in == null) {
                throw new IllegalStateException("load.wasm is missing in this distribution");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Makes room for marks on pages of their own.
    void spread() {
        Calls.run("Making room for distinct pages", () -> agent.call(id, "spread", arguments()));
    }

    CanisterId id() {
        return id;
    }

    Agent agent() {
        return agent;
    }

    /// By an update, so that it is asked of all nodes, after everything that was acknowledged.
    @Override
    public byte[] marked(boolean apart, long from, int count) {
        Blob reply =
                lookUp(
                        "Looking up what was acknowledged",
                        apart ? "marked_apart" : "marked",
                        arguments(from, (long) count));
        try {
            return Candid.decode(reply.shared()).values().getFirst().asBlob();
        } catch (CandidException e) {
            throw new IllegalStateException("The canister of the bench answers nonsense", e);
        }
    }

    /// How often a number was marked that was marked before.
    long twice() {
        Blob reply = lookUp("Looking up what was executed twice", "twice", arguments());
        try {
            return Candid.decode(reply.shared()).values().getFirst()
                            instanceof CandidValue.Fixed fixed
                    ? fixed.bits()
                    : -1;
        } catch (CandidException e) {
            throw new IllegalStateException("The canister of the bench answers nonsense", e);
        }
    }

    /// Asks again for as long as a node takes that was killed a moment ago: hours of figures wait
    /// for the answer.
    private Blob lookUp(String what, String method, Blob arguments) {
        long end = System.nanoTime() + LOOK_PATIENCE.toNanos();
        while (true) {
            try {
                return Calls.ask(what, () -> agent.call(id, method, arguments));
            } catch (Failure failure) {
                boolean passing =
                        failure.code() == ExitCode.NOT_READY || failure.code() == ExitCode.TIMEOUT;
                if (!passing || System.nanoTime() - end > 0) {
                    throw failure;
                }
                LockSupport.parkNanos(LOOK_PAUSE.toNanos());
            }
        }
    }

    @Override
    public int numbersMax() {
        return LOOKUP_NUMBERS;
    }

    /// Numbers as Candid.
    static Blob arguments(Long... numbers) {
        List<CandidValue> values = new ArrayList<>();
        for (long number : numbers) {
            values.add(new CandidValue.Fixed(CandidType.Primitive.NAT64, number));
        }
        return Blob.owning(Candid.encode(values));
    }

    /// Deletes the canister, as far as the network lets it.
    @Override
    public void close() {
        try {
            agent.management().stop(id);
            agent.management().delete(id);
        } catch (AgentException e) {
            // The network is gone, or can't decide: what the bench found is still true.
            return;
        } finally {
            agent.close();
        }
    }
}
