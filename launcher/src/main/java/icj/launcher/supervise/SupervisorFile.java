package icj.launcher.supervise;

import icj.launcher.network.Json;
import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.OwnerFiles;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/// Which processes run a network and how to talk to the supervisor: `supervisor.json`, readable by
/// its owner only. It outlives a supervisor that was killed, so that the next one can wait for the
/// nodes it left.
///
/// @param version of this file
/// @param supervisor its process
/// @param port where it listens for commands, loopback only
/// @param token what each command must carry
/// @param nodes those that run
public record SupervisorFile(
        int version, ProcessMark supervisor, int port, String token, List<Node> nodes) {
    /// The version of this file that this program writes.
    public static final int VERSION = 1;

    /// A node's process.
    ///
    /// @param name of the node
    /// @param process its process
    public record Node(String name, ProcessMark process) {}

    public SupervisorFile {
        nodes = List.copyOf(nodes);
    }

    /// Reads the file; null when there is none, or none that this version can read: then it is of
    /// no use, and the next supervisor replaces it.
    public static @Nullable SupervisorFile read(NetworkDirectory directory) {
        try {
            return Json.read(Files.readString(directory.supervisor()), SupervisorFile.class);
        } catch (IOException | JacksonException e) {
            return null;
        }
    }

    /// Writes the file.
    public void write(NetworkDirectory directory) {
        OwnerFiles.replacePrivate(directory.supervisor(), Json.pretty(this));
    }

    /// Without the token.
    @Override
    public String toString() {
        return "SupervisorFile[" + supervisor + ", port=" + port + ", nodes=" + nodes + "]";
    }
}
