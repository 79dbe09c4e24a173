package icj.launcher.network;

import java.nio.file.Path;
import java.util.Map;

/// Where a user's files are by the XDG rules.
///
/// @param networks one directory for each named network
/// @param identities the user's keys
/// @param cache what can be made again: compiled classes, unpacked native libraries
public record Locations(Path networks, Path identities, Path cache) {
    /// Of the environment variables of this process.
    public static Locations ofProcess() {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /// Of these environment variables.
    public static Locations of(Map<String, String> environment, Path home) {
        return new Locations(
                folder(environment, "XDG_DATA_HOME", home.resolve(".local/share"))
                        .resolve("ic/networks"),
                folder(environment, "XDG_CONFIG_HOME", home.resolve(".config"))
                        .resolve("ic/identities"),
                folder(environment, "XDG_CACHE_HOME", home.resolve(".cache")).resolve("ic"));
    }

    /// What the user sets for all command lines; need not exist.
    public Path userConfig() {
        return identities.resolveSibling("config.yaml");
    }

    /// Compiled canister code, shared by all nodes of this host.
    public Path classCache() {
        return cache.resolve("classes");
    }

    /// Native libraries, unpacked once for this host.
    public Path nativeCache() {
        return cache.resolve("native");
    }

    private static Path folder(Map<String, String> environment, String name, Path fallback) {
        String value = environment.getOrDefault(name, "");
        // XDG: "All paths must be absolute"; a relative one is to be ignored.
        return value.isEmpty() || !Path.of(value).isAbsolute() ? fallback : Path.of(value);
    }
}
