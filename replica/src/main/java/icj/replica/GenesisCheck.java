package icj.replica;

import icj.types.Blob;
import icj.types.Digest;
import icj.types.registry.Genesis;
import icj.types.registry.NodeRecord;
import icj.types.registry.Registry;
import icj.wire.MalformedException;

import java.io.IOException;
import java.nio.file.Files;

/// Reads the genesis file and refuses one that isn't this node's.
final class GenesisCheck {
    private GenesisCheck() {}

    /// The registry at genesis.
    ///
    /// @throws NodeFailure with exit code 6 when the file is of another network or malformed
    static Registry registry(NodeConfig config) throws NodeFailure {
        Blob bytes;
        try {
            bytes = Blob.owning(Files.readAllBytes(config.genesis()));
        } catch (IOException e) {
            throw new NodeFailure(ExitCode.FAILURE, "The genesis file can't be read: " + e);
        }
        Digest network = Genesis.networkId(bytes);
        if (!network.equals(config.network())) {
            throw new NodeFailure(
                    ExitCode.DAMAGED,
                    "The genesis file "
                            + config.genesis()
                            + " is of network "
                            + network
                            + ", this node belongs to network "
                            + config.network());
        }
        try {
            return Genesis.decode(bytes);
        } catch (MalformedException e) {
            throw new NodeFailure(
                    ExitCode.DAMAGED,
                    "The genesis file "
                            + config.genesis()
                            + " is malformed or of a newer version: "
                            + e.getMessage());
        }
    }

    /// This node's record.
    ///
    /// @throws NodeFailure with exit code 6 when it isn't registered
    static NodeRecord self(NodeConfig config, Registry registry) throws NodeFailure {
        NodeRecord self = registry.nodes().get(config.node());
        if (self == null) {
            throw new NodeFailure(
                    ExitCode.DAMAGED,
                    "Node " + config.node() + " is not in the registry of " + config.genesis());
        }
        return self;
    }
}
