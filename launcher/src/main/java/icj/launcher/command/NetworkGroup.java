package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.network.Json;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;
import icj.launcher.network.NetworkLock;
import icj.launcher.network.OwnerFiles;
import icj.launcher.supervise.ControlClient;
import icj.launcher.supervise.Leftovers;
import icj.launcher.text.Similar;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// `ic network`: the networks of this user.
@Command(
        name = "network",
        description = "Lists and removes networks, prints a network's root key.",
        subcommands = {
            NetworkGroup.Ls.class,
            NetworkGroup.Rm.class,
            NetworkGroup.Prune.class,
            NetworkGroup.RootKey.class,
        },
        footer = {
            "ic network ls # which there are and which run",
            "ic network rm test --yes # a stopped one, with all its state",
            "ic network prune # all stopped ones"
        })
final class NetworkGroup extends NetworkCommand {
    @Override
    public Integer call() {
        return ic().group();
    }

    @Command(
            name = "ls",
            description = {
                "Lists the networks and which of them run.",
                "Those that were made with --state-dir stand elsewhere and are not listed."
            },
            footer = {"ic network ls", "ic network ls --json # for programs"})
    static final class Ls extends NetworkCommand {
        @Override
        public Integer call() {
            Path place = ic().locations().networks();
            ObjectNode object = Json.object();
            object.put("folder", place.toString());
            ArrayNode networks = object.putArray("networks");
            List<NetworkDirectory> known = NetworkDirectory.in(place);
            for (NetworkDirectory directory : known) {
                boolean running = ControlClient.find(directory) != null;
                ObjectNode item = networks.addObject();
                item.put("name", directory.name());
                item.put("state", running ? NetworkFile.RUNNING : NetworkFile.STOPPED);
                item.put("directory", directory.root().toString());
                ic().say(
                                String.format(
                                        Locale.ROOT,
                                        "%-16s %-8s %s",
                                        directory.name(),
                                        running ? NetworkFile.RUNNING : NetworkFile.STOPPED,
                                        directory.root()));
            }
            ic().print(object);
            if (known.isEmpty()) {
                ic().progress("There is no network in " + place + ".");
                ic().next("ic start");
            }
            return ExitCode.OK.number();
        }
    }

    @Command(
            name = "rm",
            description = {
                "Removes a stopped network with all its state.",
                "Asks on a terminal; elsewhere it needs --yes. A running network is refused."
            },
            footer = {"ic network rm test", "ic network rm test --yes # without asking"})
    static final class Rm extends NetworkCommand {
        @Parameters(
                paramLabel = "NAME",
                arity = "0..1",
                defaultValue = "",
                description = "Its name (default: what --network or --state-dir says).")
        private String name = "";

        @Option(
                names = {"-y", "--yes"},
                description = "Don't ask.")
        private boolean yes;

        @Override
        public Integer call() throws IOException, InterruptedException {
            NetworkDirectory directory = directory();
            Removal.remove(ic(), directory, yes);
            ObjectNode object = Json.object();
            object.put("name", directory.name());
            object.put("directory", directory.root().toString());
            object.put("removed", true);
            ic().print(object);
            ic().progress("Network \"" + directory.name() + "\" is removed.");
            return ExitCode.OK.number();
        }

        private NetworkDirectory directory() {
            if (name.isEmpty() == !ic().namesNetwork()) {
                throw new Failure(
                        Problem.COMMAND_LINE,
                        name.isEmpty()
                                ? "ic network rm needs the name of a network"
                                : "The network is named twice",
                        "ic network ls lists them; ic network rm NAME");
            }
            NetworkDirectory directory =
                    name.isEmpty()
                            ? ic().directory()
                            : NetworkDirectory.of(null, name, ic().locations());
            if (!directory.isNetwork()) {
                List<String> known = NetworkDirectory.names(ic().locations().networks());
                throw new Failure(
                        Problem.NO_NETWORK,
                        "There is no network \"" + directory.name() + "\" in " + directory.root(),
                        Similar.question(directory.name(), known) + "See: ic network ls");
            }
            return directory;
        }
    }

    @Command(
            name = "prune",
            description = {
                "Removes all stopped networks with all their state.",
                "Asks on a terminal; elsewhere it needs --yes. Those that run, and those that were"
                        + " made with --state-dir, stay."
            },
            footer = {"ic network prune", "ic network prune --yes # without asking"})
    static final class Prune extends NetworkCommand {
        @Option(
                names = {"-y", "--yes"},
                description = "Don't ask.")
        private boolean yes;

        @Override
        public Integer call() throws IOException, InterruptedException {
            if (ic().namesNetwork()) {
                throw new Failure(
                        Problem.COMMAND_LINE,
                        "ic network prune removes all stopped networks and takes none by name",
                        "For one of them: ic network rm NAME");
            }
            Path place = ic().locations().networks();
            List<NetworkDirectory> stopped =
                    NetworkDirectory.in(place).stream()
                            .filter(directory -> !NetworkLock.isHeld(directory))
                            .toList();
            ObjectNode object = Json.object();
            object.put("folder", place.toString());
            ArrayNode removed = object.putArray("removed");
            if (stopped.isEmpty()) {
                ic().progress("There is no stopped network in " + place + ".");
            } else if (!yes) {
                Question.confirm(
                        ic(),
                        "Remove "
                                + String.join(
                                        ", ", stopped.stream().map(NetworkDirectory::name).toList())
                                + " and all their state in "
                                + place
                                + "?");
            }
            for (NetworkDirectory directory : stopped) {
                Removal.remove(ic(), directory, true);
                removed.add(directory.name());
                ic().say(directory.name());
            }
            ic().print(object);
            return ExitCode.OK.number();
        }
    }

    @Command(
            name = "root-key",
            description = {
                "Prints the network's root key: DER in hexadecimal digits.",
                "Clients verify certificates by it; it never changes over restarts."
            },
            footer = {"ic network root-key", "ic network root-key --network test"})
    static final class RootKey extends NetworkCommand {
        @Override
        public Integer call() {
            NetworkDirectory directory = ic().directory();
            directory.checkExists();
            String key = NetworkFile.read(directory.networkFile()).rootKey();
            ic().print(Json.object().put("rootKey", key));
            ic().say(key);
            return ExitCode.OK.number();
        }
    }

    /// Takes a network away, for `rm` and for `start --clean`.
    static final class Removal {
        private Removal() {}

        static void remove(Ic ic, NetworkDirectory directory, boolean yes)
                throws IOException, InterruptedException {
            try (NetworkLock _ = takeLock(directory)) {
                if (!yes) {
                    Question.confirm(
                            ic,
                            "Remove network \""
                                    + directory.name()
                                    + "\" and all its state in "
                                    + directory.root()
                                    + "?");
                }
                // Nodes whose supervisor was killed may not have ended yet.
                Leftovers.await(directory);
                OwnerFiles.removeAll(directory.root());
            }
        }

        private static NetworkLock takeLock(NetworkDirectory directory) {
            NetworkLock lock = NetworkLock.tryTake(directory);
            if (lock == null) {
                throw new Failure(
                        Problem.NETWORK_RUNS,
                        "Network \"" + directory.name() + "\" runs",
                        "Stop it first: ic stop --network " + directory.name());
            }
            return lock;
        }
    }
}
