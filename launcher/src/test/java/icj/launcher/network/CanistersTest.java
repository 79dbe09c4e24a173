package icj.launcher.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import icj.types.CanisterId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

final class CanistersTest {
    @TempDir Path root;

    /// A name that is lost means a second canister, empty, at the next deployment.
    @Test
    void commandsAtTheSameTimeLoseNoName() throws Exception {
        Path file = root.resolve("canisters.json");
        List<Callable<Void>> commands = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int first = 10 * i;
            commands.add(() -> {
                for (int number = first; number < first + 10; number++) {
                    new Canisters(file).put("c" + number, CanisterId.ofNumber(number).principal());
                }
                return null;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(commands.size())) {
            for (Future<Void> each : threads.invokeAll(commands)) {
                each.get();
            }
        }
        assertEquals(80, new Canisters(file).all().size());
        new Canisters(file).remove(CanisterId.ofNumber(7).principal());
        assertEquals(79, new Canisters(file).all().size());
    }
}
