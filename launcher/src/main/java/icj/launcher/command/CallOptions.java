package icj.launcher.command;

import icj.launcher.client.NetworkAgent;
import icj.launcher.identity.IdentityStore;
import icj.launcher.network.Canisters;
import icj.types.CanisterId;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

/// What all commands take that talk to canisters.
final class CallOptions {
    @Option(
            names = "--node",
            paramLabel = "NODE",
            description = "Which node to ask, by name or id (default: the first that runs).")
    private @Nullable String node;

    @Option(
            names = "--identity",
            paramLabel = "NAME",
            description =
                    "Who asks: a name, \"anonymous\", or the path of a PEM file (default:"
                            + " default).")
    private @Nullable String identity;

    NetworkAgent open(Ic ic) {
        IdentityStore store = new IdentityStore(ic.locations().identities());
        return NetworkAgent.open(
                ic.directory(), node, store.load(ic.identity(identity), ic::progress));
    }

    static Canisters canisters(Ic ic) {
        return new Canisters(ic.directory().canisters());
    }

    static CanisterId canister(Ic ic, String nameOrId) {
        return new CanisterId(canisters(ic).resolve(nameOrId));
    }
}
