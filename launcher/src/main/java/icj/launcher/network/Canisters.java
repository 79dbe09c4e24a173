package icj.launcher.network;

import icj.candid.Principal;
import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.text.Similar;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Names of canisters that were deployed to this network: `canisters.json`.
public final class Canisters {
    private final Path file;

    /// @param file `canisters.json`, which may be missing
    public Canisters(Path file) {
        this.file = file;
    }

    /// All of them, by name.
    public SortedMap<String, Principal> all() {
        SortedMap<String, Principal> canisters = new TreeMap<>();
        if (!Files.exists(file)) {
            return canisters;
        }
        try {
            for (Map.Entry<String, JsonNode> entry :
                    Json.parse(Files.readString(file)).properties()) {
                canisters.put(entry.getKey(), Principal.fromText(entry.getValue().asString()));
            }
        } catch (JacksonException | IOException | IllegalArgumentException e) {
            throw new Failure(
                    Problem.FILE_DAMAGED,
                    file + " can't be read: " + Json.firstLine(e.getMessage()),
                    "Correct or remove it; canisters can still be called by their ids");
        }
        return canisters;
    }

    /// Remembers a name.
    public void put(String name, Principal canister) {
        OwnerFiles.exclusively(
                file,
                () -> {
                    SortedMap<String, Principal> canisters = all();
                    canisters.put(name, canister);
                    write(canisters);
                });
    }

    /// Forgets each name of this canister.
    public void remove(Principal canister) {
        OwnerFiles.exclusively(
                file,
                () -> {
                    SortedMap<String, Principal> canisters = all();
                    if (canisters.values().removeIf(canister::equals)) {
                        write(canisters);
                    }
                });
    }

    /// The canister of a name, or the canister that the text itself is.
    public Principal resolve(String nameOrId) {
        Principal named = all().get(nameOrId);
        if (named != null) {
            return named;
        }
        try {
            return Principal.fromText(nameOrId);
        } catch (IllegalArgumentException e) {
            SortedMap<String, Principal> known = all();
            throw new Failure(
                    Problem.NO_SUCH_CANISTER,
                    "There is no canister \"" + nameOrId + "\" in this network",
                    known.isEmpty()
                            ? "Deploy one: ic deploy examples/counter"
                            : Similar.question(nameOrId, known.keySet())
                                    + "Known are "
                                    + String.join(", ", known.keySet())
                                    + "; ids serve as well");
        }
    }

    private void write(SortedMap<String, Principal> canisters) {
        ObjectNode object = Json.object();
        canisters.forEach((name, canister) -> object.put(name, canister.toString()));
        OwnerFiles.replace(file, Json.pretty(object));
    }
}
