package icj.launcher.command;

import icj.candid.CandidException;
import icj.candid.CandidInterface;
import icj.launcher.ExitCode;
import icj.launcher.client.Interfaces;
import icj.launcher.identity.IdentityStore;
import icj.launcher.network.Creation;
import icj.launcher.network.Json;
import icj.launcher.network.Locations;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;
import icj.launcher.network.OwnerFiles;
import icj.launcher.network.Settings;
import icj.types.registry.Registry;

import picocli.CommandLine.Command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// Loads the classes that commands use, for the archive that `./ic` makes once so that each later
/// command starts in half the time; not for people.
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand extends NetworkCommand {
    @Override
    public Integer call() throws IOException, CandidException {
        Path scratch = Files.createTempDirectory("ic-warm-up");
        try {
            NetworkDirectory directory = new NetworkDirectory(scratch.resolve("n"), "n");
            Settings settings =
                    Settings.create("n", new Settings.Request(1, 0, null, Settings.PORT_AUTO));
            Registry registry =
                    Creation.create(directory, settings, Locations.of(Map.of(), scratch));
            NetworkFile.of(directory, settings, registry, null, new TreeMap<>())
                    .write(directory.networkFile());
            Settings.read(directory.settings());
            ic().say(Json.pretty(NetworkView.of(directory).isReady()));
            new IdentityStore(scratch.resolve("ids")).load(IdentityStore.DEFAULT, ic()::say);
            CandidInterface service = CandidInterface.parse("service : { add : (nat64) -> (nat) }");
            ic().say(Interfaces.arguments(service, "add", "(5)").toString());
        } finally {
            OwnerFiles.removeAll(scratch);
        }
        return ExitCode.OK.number();
    }
}
