package icj.launcher.command;

import icj.candid.CandidInterface;
import icj.candid.CandidType;
import icj.launcher.ExitCode;
import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.client.Calls;
import icj.launcher.client.Interfaces;
import icj.launcher.client.NetworkAgent;
import icj.launcher.network.Json;
import icj.launcher.text.Similar;
import icj.types.Blob;
import icj.types.CanisterId;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// `ic call`: an update, whose certificate is verified, or a query.
@Command(
        name = "call",
        description = "Calls a method of a canister and prints the reply.",
        footer = {
            "ic call counter inc # an update, its certificate verified",
            "ic call counter get --query --node 3 # one node's word",
            "ic call ledger transfer '(record { to = 5; amount = 7 })'"
        })
final class CallCommand extends NetworkCommand {
    /// How replies are printed.
    enum Output {
        CANDID,
        HEX
    }

    @Mixin private CallOptions options = new CallOptions();

    @Parameters(index = "0", paramLabel = "CANISTER", description = "Its name or id.")
    private String canister = "";

    @Parameters(index = "1", paramLabel = "METHOD", description = "The method.")
    private String method = "";

    @Parameters(
            index = "2",
            paramLabel = "ARGS",
            arity = "0..1",
            defaultValue = "()",
            description = "Arguments as text, such as '(5, \"a\")' (default: none).")
    private String arguments = "()";

    @Option(names = "--query", description = "Ask one node, without consensus and without effect.")
    private boolean query;

    @Option(
            names = "--did",
            paramLabel = "FILE",
            description = "The interface (default: the one that the canister publishes).")
    private @Nullable Path did;

    @Option(
            names = "--output",
            paramLabel = "candid|hex",
            defaultValue = "candid",
            description = "How to print the reply (default: candid).")
    private Output output = Output.CANDID;

    /// Those of the interface, when it lacks the one that is called.
    private final List<String> methods = new ArrayList<>();

    @Override
    public Integer call() {
        ic().directory().checkExists();
        CanisterId target = CallOptions.canister(ic(), canister);
        try (NetworkAgent network = options.open(ic())) {
            CandidInterface service = service(network, target);
            Blob arg = Interfaces.arguments(service, method, arguments);
            String what = (query ? "The query " : "The call ") + canister + "." + method;
            Blob reply =
                    ask(
                            what,
                            () ->
                                    query
                                            ? network.agent().query(target, method, arg)
                                            : network.agent().call(target, method, arg));
            String hex = HexFormat.of().formatHex(reply.shared());
            String text = Interfaces.reply(service, method, reply);
            ObjectNode object = Json.object();
            object.put("canister", target.toString());
            object.put("method", method);
            object.put("reply", text);
            object.put("hex", hex);
            ic().print(object);
            ic().say(output == Output.HEX ? hex : text);
        }
        return ExitCode.OK.number();
    }

    /// Asks; a method that isn't there is answered with those that are.
    private Blob ask(String what, Calls.Question<Blob> question) {
        try {
            return Calls.ask(what, question);
        } catch (Failure failure) {
            if (failure.problem() != Problem.REJECTED || methods.isEmpty()) {
                throw failure;
            }
            throw new Failure(
                    Problem.REJECTED,
                    failure.cause(),
                    Similar.question(method, methods)
                            + "Its methods are "
                            + String.join(", ", methods),
                    failure.getCause());
        }
    }

    /// The interface, or null when there is none or it doesn't know the method: then the network
    /// says whether there is such a method.
    private @Nullable CandidInterface service(NetworkAgent network, CanisterId target) {
        CandidInterface found = did == null ? network.candid(target) : Interfaces.read(did);
        CandidType.Service known = found == null ? null : found.service();
        if (known != null && known.get(method) == null) {
            known.methods().forEach(m -> methods.add(m.name()));
        }
        if (found == null || found.service() == null || found.service().get(method) == null) {
            return null;
        }
        return found;
    }
}
