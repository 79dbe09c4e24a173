package icj.launcher.network;

import icj.types.Digest;
import icj.types.NodeId;

import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;

/// What one node process is told: `node.json`. Relative paths are relative to that file.
public final class NodeConfig {
    /// The version of this file that this program writes.
    public static final int VERSION = 1;

    private static final String RECORD = "record";

    private NodeConfig() {}

    /// Writes `nodes/NAME/node.json`.
    ///
    /// @param networkId SHA-256 of the genesis file
    /// @param bind the address of the public API
    public static void write(
            NetworkDirectory directory,
            Digest networkId,
            NodeId node,
            NodePorts ports,
            String bind,
            Locations locations) {
        ObjectNode config = Json.object();
        config.put("version", VERSION);
        config.put("networkId", networkId.toString());
        config.put("nodeId", node.toString());
        config.put("name", ports.node());
        config.put("genesis", "../../genesis.cbor");
        config.put("keys", "keys");
        config.put("journal", "journal");
        config.put("state", "state");
        config.put("log", "log");
        endpoint(config, "http", bind, ports.http());
        endpoint(config, "p2p", Settings.BIND_DEFAULT, ports.p2p());
        endpoint(config, "metrics", Settings.BIND_DEFAULT, ports.metrics());
        config.put("classCache", locations.classCache().toString());
        config.put("nativeCache", locations.nativeCache().toString());
        OwnerFiles.replace(directory.nodeConfig(ports.node()), Json.pretty(config));
    }

    /// Makes a node record what it executes, from genesis on: a diagnostic (docs/HACKING.md).
    public static void record(NetworkDirectory directory, String node) {
        Path file = directory.nodeConfig(node);
        ObjectNode config = Json.read(file, ObjectNode.class);
        config.put(RECORD, "batches.rec");
        OwnerFiles.replace(file, Json.pretty(config));
    }

    /// Whether a node records what it executes.
    public static boolean isRecording(NetworkDirectory directory, String node) {
        return Json.read(directory.nodeConfig(node), ObjectNode.class).has(RECORD);
    }

    private static void endpoint(ObjectNode config, String name, String host, int port) {
        ObjectNode endpoint = config.putObject(name);
        endpoint.put("host", host);
        endpoint.put("port", port);
    }
}
