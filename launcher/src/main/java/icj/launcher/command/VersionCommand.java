package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.network.Json;

import picocli.CommandLine.Command;

import tools.jackson.databind.node.ObjectNode;

/// `ic version`.
@Command(
        name = "version",
        description = "Prints the version of ic and of Java.",
        footer = {"ic version"})
final class VersionCommand extends NetworkCommand {
    @Override
    public Integer call() {
        ObjectNode object = Json.object();
        object.put("version", Ic.version());
        object.put("java", Runtime.version().toString());
        ic().print(object);
        ic().say("ic " + Ic.version() + " (Java " + Runtime.version() + ")");
        return ExitCode.OK.number();
    }
}
