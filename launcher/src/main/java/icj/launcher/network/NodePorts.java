package icj.launcher.network;

/// The ports of one node, chosen once at creation and kept.
///
/// @param node its name
/// @param http the public API
/// @param p2p for peers
/// @param metrics metrics and health, loopback only
public record NodePorts(String node, int http, int p2p, int metrics) {}
