package icj.launcher;

import java.util.Locale;

/// Everything that a command may fail with, by a name that stays: programs branch on it (`code` in
/// `--json`), people look it up (`ic help NAME`), and `docs/ERRORS.md` lists them all.
public enum Problem {
    // The command line.
    COMMAND_LINE(
            ExitCode.USAGE,
            "an unknown command or option, a value of the wrong kind, something missing",
            "`ic COMMAND --help`; the nearest known word is proposed"),
    TWO_NETWORKS(
            ExitCode.USAGE,
            "`--state-dir` and `--network` both say which network is meant",
            "give one of them"),
    NETWORK_NAME(
            ExitCode.USAGE,
            "a network is named by lower-case letters, digits and hyphens, at most 32",
            "choose such a name"),
    CONFIG(
            ExitCode.USAGE,
            "`ic.yaml`, the user's `config.yaml` or a variable `IC_...` holds something that can't"
                    + " be used: the key or value is named",
            "`ic config schema` names keys and ranges, `ic config show --origin` who says what"),
    SETTING_VALUE(
            ExitCode.USAGE,
            "a flag of `ic start` is out of its range",
            "`ic start --help` names the ranges"),
    PORT_RANGE(
            ExitCode.USAGE,
            "from the first port on there are fewer ports than the nodes need (three each), or the"
                    + " system keeps them for itself (below 1024)",
            "another `--port`, or `--port auto`"),
    NO_SUCH_ADDRESS(
            ExitCode.USAGE,
            "`--bind` names an address that this machine doesn't have",
            "127.0.0.1, 0.0.0.0 or an address of this machine"),
    NO_SUCH_NODE(
            ExitCode.USAGE,
            "the network has no node of this name or id",
            "`ic status` lists them: 1, 2, ... and nns1, ..."),
    NO_SUCH_IDENTITY(
            ExitCode.USAGE,
            "no key of this name is stored",
            "`ic identity list`, `ic identity new NAME`"),
    IDENTITY_NAME(
            ExitCode.USAGE,
            "an identity is named by letters, digits, hyphens and underscores, at most 64",
            "choose such a name"),
    NO_SUCH_MODULE(
            ExitCode.USAGE,
            "what is to be deployed isn't there, or is no module by its name",
            "a file that ends in `.wasm` or `.wasm.gz`, or a folder with a `canister.yaml`"),
    CANISTER_YAML(
            ExitCode.USAGE,
            "`canister.yaml` is missing or wrong: the key or value is named",
            "its keys are `name`, `wasm`, and if wanted `build`, `did`, `init`"),
    INTERFACE_FILE(
            ExitCode.USAGE,
            "a `.did` file can't be read, or isn't written in Candid",
            "correct the file, or leave `--did` out to use what the canister publishes"),
    ARGUMENTS(
            ExitCode.USAGE,
            "the arguments don't fit the method, or aren't the text form of Candid",
            "write them as `'(5, \"text\")'`; without a known interface with types, `'(5 : nat)'`"),
    WAIT_CONDITION(
            ExitCode.USAGE,
            "`ic wait --for` knows no such condition",
            "`ready`, `height=N` or `healthy=K/N`"),
    CONFIRMATION(
            ExitCode.USAGE,
            "something would be lost for ever, and there is no terminal to ask on, or the answer"
                    + " was no",
            "add `--yes` if it is meant"),
    BENCH_OPTION(
            ExitCode.USAGE,
            "a number of `ic bench` is out of its range, or an option doesn't fit the bench",
            "`ic bench --help` names the ranges"),
    // Files, processes, and defects.
    NO_SUCH_CANISTER(
            ExitCode.FAILURE,
            "the network knows no canister of this name, and it is no id",
            "`ic canister list`; `ic deploy` makes one"),
    IDENTITY_KEY(
            ExitCode.FAILURE,
            "a PEM file can't be read or holds no key of a known kind",
            "an unencrypted PEM file, PKCS#8 or SEC1, of Ed25519, P-256 or secp256k1"),
    MODULE_FILE(
            ExitCode.FAILURE,
            "the module can't be read, is no WebAssembly, or is too large",
            "build it first; at most 64 MiB unpacked"),
    BUILD_FAILED(
            ExitCode.FAILURE,
            "the `build` command of `canister.yaml` failed or can't be started",
            "its output stands above; run it by hand"),
    SUPERVISOR_START(
            ExitCode.FAILURE,
            "the process that runs the nodes can't be started",
            "the reason is named; `ic doctor` looks at this machine"),
    SUPERVISOR_SILENT(
            ExitCode.FAILURE,
            "the supervisor's process is there but doesn't answer: stopped (SIGSTOP), overloaded"
                    + " or hung",
            "`kill -CONT PID` if it was stopped, else end it with the command that is shown"),
    SUPERVISOR_REFUSED(
            ExitCode.FAILURE,
            "the supervisor can't do this, for example kill a node that doesn't run",
            "`ic status`"),
    NODE_CANNOT_RUN(
            ExitCode.FAILURE,
            "a node dies again and again; what it said last is shown",
            "`ic logs --node NAME`; `ic doctor`"),
    NODE_REFUSED(
            ExitCode.FAILURE,
            "a node refused the request; its answer is shown (section HTTP below)",
            "the answer says what is wrong; for an expiry: the clock"),
    ANSWER_INVALID(
            ExitCode.FAILURE,
            "an answer isn't certified by the network's root key, or can't be read",
            "don't trust it; is the clock right (`ic doctor`), is it this network's port?"),
    DISK_FULL(
            ExitCode.FAILURE,
            "there is no space left where a file was to be written",
            "make room; `ic doctor` shows how much there is; `ic start` resumes"),
    FILE_ACCESS(
            ExitCode.FAILURE,
            "a file or folder can't be read or written: it belongs to somebody else, or is"
                    + " read-only",
            "correct its owner or rights, or name another place with `--state-dir`"),
    FILE_PROBLEM(
            ExitCode.FAILURE,
            "the system refused to read or write a file; its reason is shown",
            "`ic doctor` looks at disk and limits"),
    DEFECT(
            ExitCode.FAILURE,
            "an error that nobody foresaw",
            "report it with the lines shown; `-v` prints the stack trace, `ic export logs` packs"
                    + " the logs"),
    // Not now.
    NO_NETWORK(
            ExitCode.NOT_READY,
            "there is no network of this name, or in this folder",
            "`ic start`; `ic network ls` lists those there are"),
    NOT_RUNNING(
            ExitCode.NOT_READY,
            "the network is stopped, or no node of it runs",
            "`ic start --background`"),
    NODE_UNREACHABLE(
            ExitCode.NOT_READY,
            "the node that was asked doesn't answer",
            "`ic status`; another node with `--node NAME`"),
    BUSY(
            ExitCode.NOT_READY,
            "the node isn't ready or has too much to do (503, 429)",
            "try again in a moment; `ic status` says which part isn't ready"),
    BENCH_FAILED(
            ExitCode.NOT_READY,
            "a bench lost its network, or too many of its requests failed for figures to mean"
                    + " anything",
            "the last reason is shown; `ic status`, `ic logs`"),
    // Rejected.
    REJECTED(
            ExitCode.REJECTED,
            "a canister, or the management canister, refused or trapped; its message and codes are"
                    + " shown",
            "the message; `ic logs --canister NAME` shows what the canister printed"),
    // In the way.
    PORT_TAKEN(
            ExitCode.CONFLICT,
            "a program listens on a port of the network; it is named where the system tells",
            "end it, or another network: `--network NAME --port auto`"),
    NO_FREE_PORTS(
            ExitCode.CONFLICT,
            "`--port auto` found no row of free ports",
            "choose the first one with `--port`"),
    NETWORK_RUNS(ExitCode.CONFLICT, "the network runs and must not, for this", "`ic stop` first"),
    OTHER_SETTINGS(
            ExitCode.CONFLICT,
            "a network keeps the nodes and ports of its first start; other flags were given",
            "leave them out, name another `--network`, or begin anew with `ic start --clean`"),
    FOLDER_IN_USE(
            ExitCode.CONFLICT,
            "`--state-dir` names a folder that holds other things",
            "another folder; nothing there was touched"),
    NOT_RECORDED(
            ExitCode.CONFLICT,
            "a record begins with the network, and this one began without",
            "record a new network"),
    IDENTITY_EXISTS(
            ExitCode.CONFLICT,
            "an identity of this name is stored; a key that is overwritten is lost for ever",
            "another name"),
    MODULE_PRESENT(
            ExitCode.CONFLICT,
            "`--mode install`, and the canister has a module",
            "`--mode upgrade` keeps its state, `--mode reinstall` loses it"),
    MODULE_ABSENT(
            ExitCode.CONFLICT, "`--mode upgrade`, and the canister has no module", "leave it out"),
    FILE_EXISTS(
            ExitCode.CONFLICT,
            "the file that a command would write exists",
            "name another one, or remove it"),
    // Damage.
    FILE_DAMAGED(
            ExitCode.DAMAGED,
            "a file of the network's folder is missing, torn or was edited; it is named",
            "restore it from a copy, or begin anew with `ic start --clean`"),
    NEWER_FORMAT(
            ExitCode.DAMAGED,
            "a newer ICJ wrote the folder",
            "use that version, or another `--network`"),
    NODE_DAMAGED(
            ExitCode.DAMAGED,
            "a node refuses its state: damaged, of another network, or newer; too few others are"
                    + " left, and the network is stopped",
            "see the section on exit code 6"),
    NODE_LEFT_OUT(
            ExitCode.DAMAGED,
            "a node refuses its state: damaged, of another network, or newer; the others are a"
                    + " quorum, serve, and go on",
            "`ic node stop NAME` lets it rest; see the section on exit code 6"),
    // Time.
    NOT_IN_TIME(
            ExitCode.TIMEOUT,
            "what was waited for didn't come in time; what is missing is named",
            "`ic status`, `ic logs`; `ic wait` waits on"),
    NO_OUTCOME(
            ExitCode.TIMEOUT,
            "a call has no outcome yet; it may still run unless the message says it can't",
            "`ic status`: is a quorum of nodes ready? Then ask the canister whether it happened");

    private final ExitCode exit;
    private final String cause;
    private final String remedy;

    Problem(ExitCode exit, String cause, String remedy) {
        this.exit = exit;
        this.cause = cause;
        this.remedy = remedy;
    }

    /// The name that programs and people use: `port-taken`.
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// How the process ends.
    public ExitCode exit() {
        return exit;
    }

    /// The usual cause, for the manual.
    public String cause() {
        return cause;
    }

    /// The usual remedy, for the manual.
    public String remedy() {
        return remedy;
    }

    /// Where the manual explains it.
    public String docs() {
        return "docs/ERRORS.md#" + id();
    }
}
