package icj.launcher.command;

import icj.agent.CanisterSettings;
import icj.agent.InstallMode;
import icj.candid.CandidException;
import icj.candid.CandidInterface;
import icj.candid.CandidType;
import icj.candid.Principal;
import icj.launcher.ExitCode;
import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.client.Calls;
import icj.launcher.client.Interfaces;
import icj.launcher.client.NetworkAgent;
import icj.launcher.network.Canisters;
import icj.launcher.network.Json;
import icj.launcher.project.Build;
import icj.launcher.project.CanisterProject;
import icj.launcher.project.ModuleFile;
import icj.types.Blob;
import icj.types.CanisterId;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ObjectNode;

import java.math.BigInteger;
import java.nio.file.Path;

/// `ic deploy`: makes a canister for a module, or puts a new module into it.
@Command(
        name = "deploy",
        description = {
            "Deploys a module, or a folder with a canister.yaml.",
            "A name that is new to this network gets a canister; a known one is upgraded."
        },
        footer = {
            "ic deploy examples/counter # a folder with a canister.yaml",
            "ic deploy build/app.wasm --arg '(5)' # a module, its name is app",
            "ic deploy app.wasm --mode reinstall # begins with an empty memory"
        })
final class DeployCommand extends NetworkCommand {
    private static final BigInteger CYCLES = BigInteger.valueOf(100_000_000_000_000L);

    /// `--mode`.
    enum Mode {
        AUTO,
        INSTALL,
        REINSTALL,
        UPGRADE
    }

    @Mixin private CallOptions options = new CallOptions();

    @Parameters(
            paramLabel = "FILE|DIR",
            description = "A module (.wasm, .wasm.gz), or a folder with a canister.yaml.")
    private Path target = Path.of("");

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The canister's name in this network (default: that of the project).")
    private @Nullable String name;

    @Option(
            names = "--arg",
            paramLabel = "ARGS",
            description = "Arguments of the installation as text, such as '(5)'.")
    private @Nullable String arg;

    @Option(
            names = "--mode",
            paramLabel = "auto|install|reinstall|upgrade",
            defaultValue = "auto",
            description = "reinstall loses the canister's memory (default: auto).")
    private Mode mode = Mode.AUTO;

    @Override
    public Integer call() throws InterruptedException {
        ic().directory().checkExists();
        CanisterProject project = CanisterProject.of(target);
        if (Build.run(project)) {
            ic().progress("Built " + project.wasm() + ".");
        }
        ModuleFile module = ModuleFile.read(project.wasm());
        String known = name == null ? project.name() : name;
        Blob init =
                Interfaces.initArguments(
                        service(project, module), arg == null ? project.init() : arg);
        Canisters canisters = CallOptions.canisters(ic());
        try (NetworkAgent network = options.open(ic())) {
            Principal before = canisters.all().get(known);
            CanisterId canister = before == null ? null : new CanisterId(before);
            boolean created = canister == null || !network.exists(canister);
            if (canister == null || created) {
                canister = create(network, known);
                canisters.put(known, canister.principal());
            }
            String done = install(network, canister, module, init, known);
            tell(known, canister, created, done);
            suggest(known, module.candidService());
        }
        return ExitCode.OK.number();
    }

    private static CanisterId create(NetworkAgent network, String known) {
        return Calls.ask(
                "Making canister " + known,
                () ->
                        network.agent()
                                .management()
                                .create(
                                        CYCLES,
                                        CanisterSettings.UNCHANGED,
                                        network.defaultEffectiveCanister()));
    }

    /// What is to be done to a canister with or without a module.
    static Mode chosen(Mode mode, boolean empty, String known) {
        Mode chosen = mode != Mode.AUTO ? mode : empty ? Mode.INSTALL : Mode.UPGRADE;
        if (chosen == Mode.INSTALL && !empty) {
            throw new Failure(
                    Problem.MODULE_PRESENT,
                    "Canister " + known + " has a module already",
                    "Use --mode upgrade to keep its state, --mode reinstall to lose it");
        }
        if (chosen == Mode.UPGRADE && empty) {
            throw new Failure(
                    Problem.MODULE_ABSENT,
                    "Canister " + known + " has no module to upgrade",
                    "Leave --mode out");
        }
        return chosen;
    }

    /// Installs the module; the word for what was done.
    private String install(
            NetworkAgent network, CanisterId canister, ModuleFile module, Blob init, String known) {
        boolean empty =
                Calls.find(
                                "Asking for canister " + known,
                                () -> network.agent().moduleHash(canister))
                        == null;
        Mode chosen = chosen(mode, empty, known);
        InstallMode install =
                switch (chosen) {
                    case INSTALL -> new InstallMode.Install();
                    case REINSTALL -> new InstallMode.Reinstall();
                    default ->
                            module.keepsHeap()
                                    ? InstallMode.upgradeKeepingMemory()
                                    : InstallMode.upgrade();
                };
        Calls.run(
                "The installation of " + known,
                () -> network.agent().management().install(canister, install, module.sent(), init));
        return switch (chosen) {
            case INSTALL -> "installed";
            case REINSTALL -> "reinstalled";
            default -> "upgraded";
        };
    }

    /// A call that works as it stands: a method without arguments, an update before a query.
    private void suggest(String known, @Nullable String text) {
        CandidInterface found = text == null ? null : parse(text);
        CandidType.Service service = found == null ? null : found.service();
        if (service == null) {
            return;
        }
        String command = null;
        for (CandidType.Method method : service.methods()) {
            CandidType.Func type = method.func();
            boolean update = !type.modes().contains(CandidType.Mode.QUERY);
            if (type.arguments().isEmpty() && (update || command == null)) {
                command = "ic call " + known + " " + method.name() + (update ? "" : " --query");
                if (update) {
                    break;
                }
            }
        }
        if (command != null) {
            ic().next(command + ic().networkFlag(ic().directory()));
        }
    }

    private void tell(String known, CanisterId canister, boolean created, String done) {
        ObjectNode object = Json.object();
        object.put("name", known);
        object.put("canister", canister.toString());
        object.put("created", created);
        object.put("done", done);
        ic().print(object);
        ic().progress("Canister " + known + (created ? " made and " : " ") + done + ":");
        ic().say(canister.toString());
    }

    /// What says the types of the installation's arguments: the project's `.did`, what the module
    /// says of them, its interface, or nothing.
    private static @Nullable CandidInterface service(CanisterProject project, ModuleFile module) {
        Path did = project.did();
        if (did != null) {
            return Interfaces.read(did);
        }
        String arguments = module.candidArguments();
        CandidInterface typed =
                arguments == null ? null : parse("service : " + arguments.strip() + " -> {}");
        String service = module.candidService();
        return typed != null || service == null ? typed : parse(service);
    }

    private static @Nullable CandidInterface parse(String text) {
        try {
            return CandidInterface.parse(text);
        } catch (CandidException e) {
            // A module may say anything; arguments are then typed by themselves.
            return null;
        }
    }
}
