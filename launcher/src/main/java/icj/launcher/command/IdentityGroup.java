package icj.launcher.command;

import icj.agent.Identity;
import icj.launcher.ExitCode;
import icj.launcher.identity.IdentityStore;
import icj.launcher.network.Json;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;

/// `ic identity`: the user's keys.
@Command(
        name = "identity",
        description = "Lists, makes and imports the keys that sign calls.",
        subcommands = {
            IdentityGroup.List.class,
            IdentityGroup.New.class,
            IdentityGroup.Import.class,
            IdentityGroup.PrincipalOf.class
        })
final class IdentityGroup extends NetworkCommand {
    @Override
    public Integer call() {
        return ic().group();
    }

    private abstract static class OnStore extends NetworkCommand {
        final IdentityStore store() {
            return new IdentityStore(ic().locations().identities());
        }

        final void tell(String name, Identity identity) {
            ObjectNode object = Json.object();
            object.put("name", name);
            object.put("principal", identity.sender().toString());
            ic().print(object);
            ic().say(identity.sender().toString());
        }
    }

    @Command(
            name = "list",
            description = "Lists names and principals.",
            footer = {"ic identity list"})
    static final class List extends OnStore {
        @Override
        public Integer call() {
            ObjectNode object = Json.object();
            for (String name : store().names()) {
                String principal = store().load(name, ic()::progress).sender().toString();
                object.put(name, principal);
                ic().say(name + " " + principal);
            }
            ic().print(object);
            return ExitCode.OK.number();
        }
    }

    @Command(
            name = "new",
            description = "Makes an Ed25519 key.",
            footer = {"ic identity new alice # then: ic call counter inc --identity alice"})
    static final class New extends OnStore {
        @Parameters(paramLabel = "NAME", description = "Its name.")
        private String name = "";

        @Override
        public Integer call() {
            Identity identity = store().create(name);
            ic().progress("Made identity " + name + ":");
            tell(name, identity);
            ic().next("ic call CANISTER METHOD --identity " + name);
            return ExitCode.OK.number();
        }
    }

    @Command(
            name = "import",
            description = "Takes over a PEM file: Ed25519, P-256 or secp256k1, PKCS#8 or SEC1.",
            footer = {"ic identity import alice alice.pem"})
    static final class Import extends OnStore {
        @Parameters(index = "0", paramLabel = "NAME", description = "Its name.")
        private String name = "";

        @Parameters(index = "1", paramLabel = "FILE", description = "The PEM file.")
        private Path file = Path.of("");

        @Override
        public Integer call() {
            Identity identity = store().importKey(name, file);
            ic().progress("Imported identity " + name + ":");
            tell(name, identity);
            return ExitCode.OK.number();
        }
    }

    @Command(
            name = "principal",
            description = "Prints the principal of an identity.",
            footer = {"ic identity principal", "ic identity principal alice"})
    static final class PrincipalOf extends OnStore {
        @Parameters(
                paramLabel = "NAME",
                arity = "0..1",
                description = "Its name (default: that of commands which name none).")
        private @Nullable String name;

        @Override
        public Integer call() {
            String known = ic().identity(name);
            tell(known, store().load(known, ic()::progress));
            return ExitCode.OK.number();
        }
    }
}
