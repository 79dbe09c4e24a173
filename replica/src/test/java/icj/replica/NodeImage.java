package icj.replica;

import icj.execution.wasm.engine.ChicoryRuntime;
import icj.execution.wasm.engine.RuntimeSettings;
import icj.testing.Await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/// The files of a node that is down, and nodes that run on copies of them.
final class NodeImage {
    private NodeImage() {}

    /// The configuration with its data in another folder and on any free ports.
    static NodeConfig in(NodeConfig config, Path folder) {
        NodeConfig.Endpoint any = new NodeConfig.Endpoint("127.0.0.1", 0);
        return new NodeConfig(
                config.network(),
                config.node(),
                config.name(),
                config.genesis(),
                config.keys(),
                folder.resolve("journal"),
                folder.resolve("state"),
                folder.resolve("log"),
                any,
                any,
                any,
                config.classCache(),
                config.nativeCache(),
                null);
    }

    /// Starts the node; canisters are interpreted, which starts fastest.
    static Replica start(NodeConfig config, AtomicReference<String> died) throws Exception {
        Replica replica =
                Replica.start(
                        config,
                        GenesisCheck.registry(config),
                        new ChicoryRuntime(
                                RuntimeSettings.inProcess(RuntimeSettings.Engine.INTERPRETED)),
                        (sentence, cause) -> died.compareAndSet(null, sentence + ": " + cause));
        Await.until(
                () -> "ready, but " + replica.readiness().toJson(),
                () -> replica.readiness().firstReason() == null || died.get() != null);
        return replica;
    }

    /// Copies journal, its mark and state; what was in `to` before is gone.
    static void copy(Path from, Path to) throws IOException {
        delete(to);
        for (String part : List.of("journal", "state")) {
            copyFiles(from.resolve(part), to.resolve(part));
        }
        Files.copy(from.resolve("journal.mark"), to.resolve("journal.mark"));
    }

    static void copyFiles(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (Path file : list(from)) {
            Files.copy(file, to.resolve(file.getFileName()));
        }
    }

    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
