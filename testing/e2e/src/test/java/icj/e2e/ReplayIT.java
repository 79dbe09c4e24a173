package icj.e2e;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.agent.Agent;
import icj.agent.AgentException;
import icj.agent.CanisterSettings;
import icj.agent.InstallMode;
import icj.agent.ManagementCanister;
import icj.candid.Candid;
import icj.testing.Prng;
import icj.testing.WatAssembler;
import icj.types.Blob;
import icj.types.CanisterId;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The batches of a real run give the same roots in other JVMs: interpreted by the JVM, with
/// another heap, collector, time zone and locale, and with no instance kept between messages (R-E1,
/// R-S1).
@Tag("e2e")
final class ReplayIT {
    private static final int HEIGHTS_MIN = 300;
    private static final Path RESOURCES = Network.ROOT.resolve("execution/src/test/resources");

    @TempDir Path home;

    @Test
    @Timeout(900)
    void recordedBatchesGiveTheSameRootsInOtherJvms() throws Exception {
        Work work;
        try (Network network = Network.start(home, 1, 0, "--record")) {
            work = new Work(network);
            work.install();
            work.round(60);
            work.upgradeAll();
            work.round(20);
            // The record goes on over a crash: some batches then stand in it twice.
            network.killAll();
            network.resume();
            work.connect(network);
            work.stopAndStart();
            while (work.updates < HEIGHTS_MIN) {
                work.round(20);
            }
            work.delete();
        }
        replay("other-collector", List.of("-XX:+UseParallelGC", "-Xmx900m", "-Xms300m"), List.of());
        replay("evicting", List.of("-XX:TieredStopAtLevel=1", "-Xmx300m"), List.of("--evict"));
        replay(
                "interpreted-jvm",
                List.of("-Xint", "-XX:+UseSerialGC", "-Xmx400m"),
                // Compiled by a JVM of its own: only what runs is interpreted.
                List.of("--class-cache", home.resolve("classes").toString()));
    }

    /// Updates of all kinds, to canisters of both Motoko lines and of ours.
    private static final class Work {
        private final Prng random = Prng.fromProperty();
        private final List<CanisterId> universal = new ArrayList<>();
        private final List<CanisterId> motoko = new ArrayList<>();
        private final byte[] universalModule;
        private final List<byte[]> motokoModules;
        private CanisterId counter = CanisterId.MANAGEMENT;
        private CanisterId log = CanisterId.MANAGEMENT;
        private Agent agent;
        private int updates;

        Work(Network network) throws Exception {
            universalModule =
                    WatAssembler.assemble(
                            Files.readString(RESOURCES.resolve("universal/universal.wat")));
            motokoModules =
                    List.of(
                            Files.readAllBytes(RESOURCES.resolve("motoko/counter-4.10.0.wasm.gz")),
                            Files.readAllBytes(RESOURCES.resolve("motoko/counter-3.9.7.wasm.gz")));
            agent = agent(network);
            counter = network.deploy("examples/counter");
            log = network.deploy("examples/log");
        }

        private static Agent agent(Network network) throws AgentException {
            return Agent.builder(network.node("1").http()).rootKey(network.rootKey()).build();
        }

        void connect(Network network) throws AgentException {
            agent.close();
            agent = agent(network);
        }

        void install() throws AgentException {
            for (int i = 0; i < 3; i++) {
                universal.add(create(universalModule));
            }
            for (byte[] module : motokoModules) {
                motoko.add(create(module));
            }
        }

        private CanisterId create(byte[] module) throws AgentException {
            ManagementCanister management = agent.management();
            CanisterId id = management.create(null, CanisterSettings.UNCHANGED, counter);
            Blob nothing = Blob.owning(Candid.encode(List.of()));
            management.install(
                    id,
                    new InstallMode.Install(),
                    module,
                    module == universalModule ? Blob.EMPTY : nothing);
            updates += 2;
            return id;
        }

        void upgradeAll() throws AgentException {
            InstallMode plain = new InstallMode.Upgrade(false, null);
            for (CanisterId id : universal) {
                agent.management().install(id, plain, universalModule, Steps.of().count(1).bytes());
            }
            Blob nothing = Blob.owning(Candid.encode(List.of()));
            InstallMode keeping = new InstallMode.Upgrade(false, InstallMode.Memory.KEEP);
            agent.management().install(motoko.get(0), keeping, motokoModules.get(0), nothing);
            agent.management().install(motoko.get(1), plain, motokoModules.get(1), nothing);
            updates += 5;
        }

        void stopAndStart() throws AgentException {
            CanisterId one = universal.getFirst();
            agent.management().stop(one);
            fails(one, "update", Steps.of().reply().bytes());
            agent.management().start(one);
            updates += 3;
        }

        void delete() throws AgentException {
            CanisterId one = universal.removeLast();
            agent.management().stop(one);
            agent.management().delete(one);
        }

        void round(int count) throws AgentException {
            for (int i = 0; i < count; i++) {
                one(random.below(16));
                updates++;
            }
        }

        private void one(int kind) throws AgentException {
            CanisterId one = random.pick(universal);
            CanisterId other = random.pick(universal);
            CanisterId actor = random.pick(motoko);
            Blob nothing = Blob.owning(Candid.encode(List.of()));
            Steps inner = Steps.of().accept(500).count(1).appendCounter().reply();
            switch (kind) {
                case 0 -> run(one, Steps.of().count(5).appendCounter().appendTime().reply());
                case 1 -> fails(one, "update", Steps.of().count(5).trap("no").bytes());
                case 2 -> fails(one, "update", Steps.of().count(5).unreachable().bytes());
                case 3 -> fails(one, "update", Steps.of().keep("k").recurse().bytes());
                case 4, 5 -> {
                    long when = System.currentTimeMillis() * 1_000_000L + random.below(300_000_000);
                    run(one, Steps.of().timer(when, Steps.of().count(3)).reply());
                }
                case 6 -> {
                    Steps then = Steps.of().appendArgument().appendVersion().reply();
                    run(one, Steps.of().call(other, "update", inner.bytes(), 1_000, then));
                }
                case 7 -> {
                    // The callback traps after its caller's message was answered: its cleanup runs.
                    Steps then = Steps.of().trap("in the callback");
                    fails(
                            one,
                            "update",
                            Steps.of().call(other, "update", inner.bytes(), 0, then).bytes());
                }
                case 8 -> {
                    Steps then = Steps.of().appendArgument().reply();
                    run(one, Steps.of().call(CanisterId.MANAGEMENT, "raw_rand", nothing, 0, then));
                }
                case 9 -> {
                    Steps then = Steps.of().appendArgument().reply();
                    run(one, Steps.of().call(actor, "inc", nothing, 0, then));
                }
                case 10 ->
                        run(
                                one,
                                Steps.of()
                                        .growStable(1)
                                        .writeStable(random.below(60_000), "stable")
                                        .growHeap(1)
                                        .certify("c" + random.below(100))
                                        .spin(10_000)
                                        .appendBalance()
                                        .reply());
                case 11 -> agent.call(actor, "fill", nothing);
                case 12 -> fails(actor, "boom", nothing);
                case 13 -> agent.call(actor, "inc", nothing);
                case 14 ->
                        agent.call(
                                log,
                                "append",
                                Blob.owning(LogClients.arguments((long) random.below(1_000))));
                default -> agent.call(counter, "inc", nothing);
            }
        }

        private void run(CanisterId canister, Steps steps) throws AgentException {
            agent.call(canister, "update", steps.bytes());
        }

        private void fails(CanisterId canister, String method, Blob argument) {
            assertThrows(
                    AgentException.Rejected.class, () -> agent.call(canister, method, argument));
        }
    }

    private Shell.Outcome run(List<String> flags, List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(flags);
        command.addAll(
                List.of(
                        "-Duser.timezone=Pacific/Chatham",
                        "-Duser.language=tr",
                        "-Duser.country=TR",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        Network.ROOT.resolve("launcher/target/dist/lib") + "/*",
                        "icj.replica.ReplayMain",
                        "--genesis",
                        home.resolve("network/genesis.cbor").toString(),
                        "--record",
                        home.resolve("network/nodes/1/batches.rec").toString()));
        command.addAll(options);
        return Shell.run(home, Map.of(), Duration.ofMinutes(5), command);
    }

    private void replay(String name, List<String> flags, List<String> options) {
        long began = System.nanoTime();
        Shell.Outcome outcome = run(flags, options).expect(0);
        Matcher last =
                Pattern.compile("REPLAYED (\\d+) heights, roots agree").matcher(outcome.output());
        assertTrue(last.find(), outcome::output);
        assertTrue(Integer.parseInt(last.group(1)) >= HEIGHTS_MIN, outcome::output);
        Matcher trapped = Pattern.compile(" ([1-9]\\d*) traps,").matcher(outcome.output());
        assertTrue(trapped.find(), outcome::output);
        System.out.printf(
                "%s, %.1f s: %s%n",
                name,
                (System.nanoTime() - began) / 1e9,
                outcome.output().strip().replace("\n", "; "));
    }
}
