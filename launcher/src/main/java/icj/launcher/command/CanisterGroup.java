package icj.launcher.command;

import icj.agent.AgentException;
import icj.agent.CanisterStatus;
import icj.agent.ManagementCanister;
import icj.candid.Principal;
import icj.launcher.ExitCode;
import icj.launcher.client.Calls;
import icj.launcher.client.NetworkAgent;
import icj.launcher.network.Json;
import icj.types.Blob;
import icj.types.CanisterId;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HexFormat;
import java.util.Map;

/// `ic canister`: what happens to single canisters.
@Command(
        name = "canister",
        description = "Asks about canisters, starts, stops and deletes them.",
        subcommands = {
            CanisterGroup.List.class,
            CanisterGroup.Id.class,
            CanisterGroup.Info.class,
            CanisterGroup.Status.class,
            CanisterGroup.Start.class,
            CanisterGroup.Stop.class,
            CanisterGroup.Delete.class
        })
final class CanisterGroup extends NetworkCommand {
    @Override
    public Integer call() {
        return ic().group();
    }

    @Command(
            name = "list",
            description = "Lists names and ids of the deployed canisters.",
            footer = {"ic canister list"})
    static final class List extends NetworkCommand {
        @Override
        public Integer call() {
            ic().directory().checkExists();
            ObjectNode object = Json.object();
            for (Map.Entry<String, Principal> entry :
                    CallOptions.canisters(ic()).all().entrySet()) {
                object.put(entry.getKey(), entry.getValue().toString());
                ic().say(entry.getKey() + " " + entry.getValue());
            }
            ic().print(object);
            return ExitCode.OK.number();
        }
    }

    @Command(
            name = "id",
            description = "Prints the id of a name.",
            footer = {"ic canister id counter"})
    static final class Id extends NetworkCommand {
        @Parameters(paramLabel = "NAME", description = "Its name.")
        private String name = "";

        @Override
        public Integer call() {
            ic().directory().checkExists();
            CanisterId canister = CallOptions.canister(ic(), name);
            ic().print(Json.object().put("canister", canister.toString()));
            ic().say(canister.toString());
            return ExitCode.OK.number();
        }
    }

    private abstract static class OnCanister extends NetworkCommand {
        @Mixin private CallOptions options = new CallOptions();

        @Parameters(paramLabel = "CANISTER", description = "Its name or id.")
        private String canister = "";

        @Override
        public Integer call() {
            ic().directory().checkExists();
            CanisterId id = CallOptions.canister(ic(), canister);
            try (NetworkAgent network = options.open(ic())) {
                run(network, id);
            }
            return ExitCode.OK.number();
        }

        abstract void run(NetworkAgent network, CanisterId id);
    }

    @Command(
            name = "info",
            description = "Shows what anybody may know: module hash, interface.",
            footer = {"ic canister info counter"})
    static final class Info extends OnCanister {
        @Override
        void run(NetworkAgent network, CanisterId id) {
            Blob hash = Calls.find("Asking for " + id, () -> network.agent().moduleHash(id));
            String candid =
                    hash == null
                            ? null
                            : Calls.find(
                                    "Asking for " + id, () -> network.agent().candidService(id));
            String hex = hash == null ? null : HexFormat.of().formatHex(hash.shared());
            ObjectNode object = Json.object();
            object.put("canister", id.toString());
            object.put("moduleHash", hex);
            object.put("candid", candid);
            ic().print(object);
            ic().say("canister     " + id);
            ic().say("module hash  " + (hex == null ? "none" : hex));
            ic().say(candid == null ? "no public interface" : candid.strip());
        }
    }

    @Command(
            name = "status",
            description = "Shows what its controllers may know.",
            footer = {"ic canister status counter"})
    static final class Status extends OnCanister {
        @Override
        void run(NetworkAgent network, CanisterId id) {
            CanisterStatus status =
                    Calls.ask(
                            "Asking for the status of " + id,
                            () -> network.agent().management().status(id));
            Blob hash = status.moduleHash();
            String hex = hash == null ? null : HexFormat.of().formatHex(hash.shared());
            ObjectNode object = Json.object();
            object.put("canister", id.toString());
            object.put("status", status.state());
            object.put("moduleHash", hex);
            ArrayNode controllers = object.putArray("controllers");
            status.controllers().forEach(c -> controllers.add(c.toString()));
            object.put("memoryBytes", status.memoryBytes());
            object.put("cycles", status.cycles());
            ic().print(object);
            ic().say("canister     " + id);
            ic().say("status       " + status.state());
            ic().say("module hash  " + (hex == null ? "none" : hex));
            ic().say("memory       " + status.memoryBytes() + " bytes");
            ic().say("cycles       " + status.cycles());
            for (Principal controller : status.controllers()) {
                ic().say("controller   " + controller);
            }
        }
    }

    private abstract static class Change extends OnCanister {
        private final String doing;
        private final String done;

        Change(String doing, String done) {
            this.doing = doing;
            this.done = done;
        }

        @Override
        void run(NetworkAgent network, CanisterId id) {
            Calls.run(doing + " canister " + id, () -> change(network.agent().management(), id));
            changed(id);
            ObjectNode object = Json.object();
            object.put("canister", id.toString());
            object.put("done", done);
            ic().print(object);
            ic().progress("Canister " + id + " is " + done + ".");
        }

        abstract void change(ManagementCanister management, CanisterId id) throws AgentException;

        void changed(CanisterId id) {}
    }

    @Command(
            name = "start",
            description = "Lets a stopped canister take calls again.",
            footer = {"ic canister start counter"})
    static final class Start extends Change {
        Start() {
            super("Starting", "started");
        }

        @Override
        void change(ManagementCanister management, CanisterId id) throws AgentException {
            management.start(id);
        }
    }

    @Command(
            name = "stop",
            description = "Lets a canister take no further calls; open ones end first.",
            footer = {"ic canister stop counter"})
    static final class Stop extends Change {
        Stop() {
            super("Stopping", "stopped");
        }

        @Override
        void change(ManagementCanister management, CanisterId id) throws AgentException {
            management.stop(id);
        }
    }

    @Command(
            name = "delete",
            description = "Deletes a stopped canister with all its state.",
            footer = {"ic canister stop counter && ic canister delete counter"})
    static final class Delete extends Change {
        Delete() {
            super("Deleting", "deleted");
        }

        @Override
        void change(ManagementCanister management, CanisterId id) throws AgentException {
            management.delete(id);
        }

        @Override
        void changed(CanisterId id) {
            CallOptions.canisters(ic()).remove(id.principal());
        }
    }
}
