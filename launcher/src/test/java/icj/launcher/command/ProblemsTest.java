package icj.launcher.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.agent.AgentException;
import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.bench.BenchAccess;
import icj.launcher.client.Calls;
import icj.launcher.client.Interfaces;
import icj.launcher.config.Config;
import icj.launcher.identity.IdentityStore;
import icj.launcher.network.Json;
import icj.launcher.network.Locations;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;
import icj.launcher.network.NetworkLock;
import icj.launcher.network.NodePorts;
import icj.launcher.network.PortPlanAccess;
import icj.launcher.network.Settings;
import icj.launcher.project.Build;
import icj.launcher.project.CanisterProject;
import icj.launcher.supervise.ControlClient;
import icj.launcher.supervise.ControlRequest;
import icj.launcher.supervise.FakeNetwork;
import icj.launcher.supervise.ProcessMark;
import icj.launcher.supervise.Supervisor;
import icj.launcher.supervise.SupervisorFile;
import icj.launcher.text.FileFailures;
import icj.types.Digest;
import icj.types.RequestId;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Each problem that a command may end with is provoked here, so that each line of the table in
/// `docs/ERRORS.md` is known to happen as it says.
@Timeout(120)
final class ProblemsTest {
    @TempDir Path root;

    private final Map<Problem, Provocation> provocations = new EnumMap<>(Problem.class);

    /// Ends with the problem, by an exception or as the JSON that a command printed.
    private interface Provocation {
        Object provoke() throws Exception;
    }

    @TestFactory
    Stream<DynamicTest> eachProblemHappensAsTheTableSays() {
        commandLine();
        files();
        network();
        calls();
        return Stream.of(Problem.values())
                .map(problem -> DynamicTest.dynamicTest(problem.id(), () -> check(problem)));
    }

    @Test
    void nothingElseIsThrownAtUsers() throws Exception {
        // The constructor of a failure takes a listed problem, so no failure lacks a row.
        for (Constructor<?> constructor : Failure.class.getConstructors()) {
            assertEquals(Problem.class, constructor.getParameterTypes()[0]);
        }
    }

    private void check(Problem problem) throws Exception {
        Provocation provocation = provocations.get(problem);
        assertTrue(provocation != null, "no test provokes " + problem.id());
        String code;
        int exit;
        String cause;
        String fix;
        try {
            JsonNode printed = Json.parse(String.valueOf(provocation.provoke()));
            code = printed.path("code").asString("");
            exit = printed.path("exit").asInt(-1);
            cause = printed.path("error").asString("");
            fix = printed.path("fix").asString("");
            assertEquals(problem.docs(), printed.path("docs").asString(""));
        } catch (Failure failure) {
            code = failure.problem().id();
            exit = failure.code().number();
            cause = failure.cause();
            fix = failure.fix();
        }
        assertEquals(problem.id(), code, cause);
        assertEquals(problem.exit().number(), exit);
        assertFalse(cause.isBlank(), "the cause is a sentence");
        assertFalse(fix.isBlank(), "there is something to do");
        assertFalse(cause.contains("\n") || fix.contains("\n"), cause + fix);
    }

    private void commandLine() {
        ic(Problem.COMMAND_LINE, "statsu");
        put(
                Problem.TWO_NETWORKS,
                () -> ic("status", "--state-dir", root.toString(), "--network", "x"));
        ic(Problem.NETWORK_NAME, "status", "--network", "A B");
        put(
                Problem.CONFIG,
                () -> {
                    write("ic.yaml", "nodez: 4");
                    return Config.of(Map.of(), root, Locations.of(Map.of(), root));
                });
        on(Problem.SETTING_VALUE, "none", "start", "--nodes", "0");
        on(Problem.PORT_RANGE, "none", "start", "--port", "65530");
        on(Problem.NO_SUCH_ADDRESS, "none", "start", "--bind", "203.0.113.1", "--port", "auto");
        on(Problem.WAIT_CONDITION, "none", "wait", "--for", "height=tall");
        ic(Problem.BENCH_OPTION, "bench", "latency", "--samples", "0");
        put(Problem.BENCH_FAILED, BenchAccess::phasesOfACallThatNobodyRemembers);
        put(Problem.NO_SUCH_IDENTITY, () -> identities().load("nobody", _ -> {}));
        put(Problem.IDENTITY_NAME, () -> identities().create("../x"));
        put(
                Problem.IDENTITY_EXISTS,
                () -> {
                    identities().create("alice");
                    return identities().create("alice");
                });
        put(
                Problem.IDENTITY_KEY,
                () -> identities().load(write("garbage.pem", "x").toString(), _ -> {}));
    }

    private void files() {
        put(Problem.INTERFACE_FILE, () -> Interfaces.read(write("x.did", "service {")));
        put(Problem.ARGUMENTS, () -> Interfaces.arguments(null, "inc", "(5"));
        put(
                Problem.BUILD_FAILED,
                () -> {
                    Path folder = Files.createDirectories(root.resolve("project"));
                    write(
                            "project/canister.yaml",
                            "name: x\nwasm: x.wasm\nbuild: [\"/no/such/program\"]\n");
                    return Build.run(CanisterProject.of(folder));
                });
        put(
                Problem.DISK_FULL,
                () -> {
                    try (FileOutputStream full = new FileOutputStream("/dev/full")) {
                        full.write(1);
                        return "";
                    } catch (IOException e) {
                        throw FileFailures.of(e);
                    }
                });
        // The superuser may write anywhere but where the system itself says no.
        put(
                Problem.FILE_ACCESS,
                () -> ic("start", "--port", "auto", "--state-dir", "/sys/kernel/ic-test"));
        put(
                Problem.FILE_PROBLEM,
                () ->
                        ic(
                                "start",
                                "--port",
                                "auto",
                                "--state-dir",
                                write("file", "x").resolve("network").toString()));
        put(
                Problem.DEFECT,
                () -> {
                    throw Failures.of(new IllegalStateException("nobody foresaw this"));
                });
        put(
                Problem.FOLDER_IN_USE,
                () -> {
                    Files.createDirectories(root.resolve("thesis"));
                    write("thesis/thesis.tex", "x");
                    return ic("start", "--state-dir", root.resolve("thesis").toString());
                });
        put(
                Problem.NEWER_FORMAT,
                () -> {
                    Files.createDirectories(root.resolve("newer"));
                    write("newer/format.json", "{\"format\":99}");
                    return ic("status", "--state-dir", root.resolve("newer").toString());
                });
        put(
                Problem.FILE_DAMAGED,
                () -> {
                    NetworkDirectory network = made("damaged");
                    Files.writeString(network.settings(), "{");
                    return ic("start", "--state-dir", network.root().toString());
                });
    }

    private void network() {
        on(Problem.NO_NETWORK, "none", "status");
        made(Problem.NO_SUCH_NODE, "logs", "--node", "9");
        made(Problem.NO_SUCH_MODULE, "deploy", "no/such/file");
        put(
                Problem.MODULE_FILE,
                () -> onMade("deploy", write("text.wasm", "no module").toString()));
        put(
                Problem.CANISTER_YAML,
                () -> onMade("deploy", Files.createDirectories(root.resolve("e")).toString()));
        made(Problem.NO_SUCH_CANISTER, "canister", "id", "nope");
        made(Problem.CONFIRMATION, "network", "rm");
        made(Problem.NOT_RUNNING, "node", "kill", "1");
        made(Problem.OTHER_SETTINGS, "start", "--nodes", "3");
        made(Problem.NOT_RECORDED, "start", "--record");
        put(
                Problem.NETWORK_RUNS,
                () -> {
                    NetworkDirectory network = made("runs");
                    try (NetworkLock _ = NetworkLock.take(network)) {
                        return ic("network", "rm", "--state-dir", network.root().toString());
                    }
                });
        put(
                Problem.PORT_TAKEN,
                () -> {
                    NetworkDirectory network = made("taken");
                    int port = Settings.read(network.settings()).ports().getFirst().http();
                    try (ServerSocket _ =
                            new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
                        return ic("start", "--state-dir", network.root().toString());
                    }
                });
        put(Problem.NO_FREE_PORTS, PortPlanAccess::noneFree);
        put(
                Problem.FILE_EXISTS,
                () -> onMade("export", "logs", "--output", write("r.zip", "x").toString()));
        put(
                Problem.MODULE_PRESENT,
                () -> DeployCommand.chosen(DeployCommand.Mode.INSTALL, false, "counter"));
        put(
                Problem.MODULE_ABSENT,
                () -> DeployCommand.chosen(DeployCommand.Mode.UPGRADE, true, "counter"));
        put(
                Problem.SUPERVISOR_START,
                () -> Supervision.detach(new NetworkDirectory(root.resolve("gone"), "gone")));
        put(
                Problem.SUPERVISOR_SILENT,
                () -> {
                    NetworkDirectory network = made("silent");
                    ProcessMark self = ProcessMark.of(ProcessHandle.current());
                    // Nobody listens on port 1.
                    new SupervisorFile(SupervisorFile.VERSION, self, 1, "", List.of())
                            .write(network);
                    try (NetworkLock _ = NetworkLock.take(network)) {
                        return ic("stop", "--state-dir", network.root().toString());
                    }
                });
        put(
                Problem.SUPERVISOR_REFUSED,
                () -> {
                    NetworkDirectory network = made("refused");
                    try (NetworkLock _ = NetworkLock.take(network);
                            Supervisor supervisor = FakeNetwork.supervisor(network)) {
                        supervisor.start();
                        ControlClient client = ControlClient.of(network);
                        client.ask(ControlRequest.NODE_STOP, "1");
                        FakeNetwork.await(
                                "node 1 is down",
                                () -> supervisor.status().getFirst().pid() == null);
                        return ic("node", "kill", "1", "--state-dir", network.root().toString());
                    }
                });
        put(Problem.NODE_DAMAGED, () -> dying("damaged-node", 6));
        put(Problem.NODE_LEFT_OUT, this::oneOfFourRefusesItsState);
        put(Problem.NODE_CANNOT_RUN, () -> dying("dying-node", 1));
        put(
                Problem.NOT_IN_TIME,
                () -> {
                    NetworkDirectory network = made("slow");
                    try (NetworkLock _ = NetworkLock.take(network);
                            Supervisor supervisor = FakeNetwork.supervisor(network)) {
                        supervisor.start();
                        return ic(
                                "wait", "--timeout", "1", "--state-dir", network.root().toString());
                    }
                });
    }

    private void calls() {
        call(Problem.REJECTED, new AgentException.Rejected(5, "out of cycles", "IC0503", true));
        call(
                Problem.NO_OUTCOME,
                new AgentException.TimedOut(
                        new RequestId(Digest.of(new byte[32])), false, "no certificate in 30 s"));
        call(Problem.NODE_UNREACHABLE, new AgentException.Unreachable("refused", false, null));
        call(Problem.BUSY, new AgentException.Refused(503, "replay", false));
        call(Problem.NODE_REFUSED, new AgentException.Refused(400, "Malformed request", false));
        call(Problem.ANSWER_INVALID, new AgentException.CertificateInvalid("wrong key"));
    }

    private void call(Problem problem, AgentException thrown) {
        put(
                problem,
                () ->
                        Calls.ask(
                                "The call of counter.inc",
                                () -> {
                                    throw thrown;
                                }));
    }

    /// A network whose nodes die at once with this code.
    private Object dying(String name, int exit) throws Exception {
        NetworkDirectory network = made(name);
        for (String node : Settings.read(network.settings()).names()) {
            Files.writeString(network.node(node).resolve("die"), Integer.toString(exit));
        }
        try (NetworkLock _ = NetworkLock.take(network);
                Supervisor supervisor = FakeNetwork.supervisor(network)) {
            supervisor.start();
            Readiness.await(network, Duration.ofSeconds(60), () -> true, Readiness.Listener.NONE);
            return "";
        }
    }

    /// The other three are a quorum, and ready.
    private Object oneOfFourRefusesItsState() throws Exception {
        NetworkDirectory network = made("left-out", 4);
        for (NodePorts node : Settings.read(network.settings()).ports()) {
            Path directory = network.node(node.node());
            if (node.node().equals("3")) {
                Files.writeString(directory.resolve("die"), "6");
            } else {
                Files.writeString(directory.resolve("serve"), Integer.toString(node.metrics()));
            }
        }
        try (NetworkLock _ = NetworkLock.take(network);
                Supervisor supervisor = FakeNetwork.supervisor(network)) {
            supervisor.start();
            return ic("wait", "--state-dir", network.root().toString());
        }
    }

    private NetworkDirectory made(String name) throws IOException {
        return made(name, 1);
    }

    private NetworkDirectory made(String name, int nodes) throws IOException {
        Files.createDirectories(root.resolve(name));
        NetworkDirectory directory = FakeNetwork.create(root.resolve(name), nodes, 0);
        NetworkFile.of(
                        directory,
                        Settings.read(directory.settings()),
                        Supervision.registry(directory),
                        null,
                        new java.util.TreeMap<>())
                .write(directory.networkFile());
        return directory;
    }

    private void made(Problem problem, String... arguments) {
        put(problem, () -> onMade(arguments));
    }

    private String onMade(String... arguments) throws IOException {
        Path folder = root.resolve("made");
        if (!Files.exists(folder)) {
            made("made");
        }
        return ic(with(arguments, "--state-dir", folder.toString()));
    }

    private void on(Problem problem, String folder, String... arguments) {
        put(problem, () -> ic(with(arguments, "--state-dir", root.resolve(folder).toString())));
    }

    private void ic(Problem problem, String... arguments) {
        put(problem, () -> ic(arguments));
    }

    private void put(Problem problem, Provocation provocation) {
        assertEquals(null, provocations.put(problem, provocation), "two ways are one too many");
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
    }

    private static String ic(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Ic.run(stream, stream, with(arguments, "--json"));
        return out.toString(StandardCharsets.UTF_8);
    }

    private IdentityStore identities() {
        return new IdentityStore(root.resolve("identities"));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(root.resolve(name), text);
    }
}
