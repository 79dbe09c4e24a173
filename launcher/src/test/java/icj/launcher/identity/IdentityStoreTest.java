package icj.launcher.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.agent.Identity;
import icj.candid.Principal;
import icj.launcher.ExitCode;
import icj.launcher.Failure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

final class IdentityStoreTest {
    /// Made with openssl for this test; secp256k1 in SEC1.
    private static final String SECP256K1 =
            """
            -----BEGIN EC PRIVATE KEY-----
            MHQCAQEEIC2ie4DXKazxq2gw2ZUaknpduegku/RaKnIRwGCUGk72oAcGBSuBBAAK
            oUQDQgAERWPKVLtINtNXwDboq4VyzpQYHKjXgKQjg7F/RgRNJNNbPvDJeD/8+NiY
            5/+QQch8JZ1XnwmgCdk4e4+lwAdBrQ==
            -----END EC PRIVATE KEY-----
            """;

    @TempDir Path root;

    @Test
    void theDefaultIsMadeOnceAndSaidSo() throws Exception {
        IdentityStore store = new IdentityStore(root.resolve("ids"));
        List<String> said = new ArrayList<>();
        Principal first = store.load(IdentityStore.DEFAULT, said::add).sender();
        assertEquals(1, said.size());
        assertTrue(said.getFirst().contains(first.toString()), said.getFirst());
        assertEquals(first, store.load(IdentityStore.DEFAULT, said::add).sender());
        assertEquals(1, said.size());
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(root.resolve("ids/default.pem"))));
        assertEquals(List.of("anonymous", "default"), store.names());
        assertEquals(Principal.ANONYMOUS, store.load(IdentityStore.ANONYMOUS, said::add).sender());
    }

    /// Whoever's key is replaced can't change what it has deployed.
    @Test
    void commandsAtTheSameTimeMakeOneKey() throws Exception {
        IdentityStore store = new IdentityStore(root.resolve("ids"));
        List<Callable<Principal>> commands = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            commands.add(() -> store.load(IdentityStore.DEFAULT, said -> {}).sender());
        }
        Set<Principal> made = new HashSet<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(commands.size())) {
            for (Future<Principal> each : threads.invokeAll(commands)) {
                made.add(each.get());
            }
        }
        assertEquals(Set.of(store.load(IdentityStore.DEFAULT, said -> {}).sender()), made);
        assertEquals(List.of("anonymous", "default"), store.names());
    }

    @Test
    void keysOfOtherToolsAreImported() throws Exception {
        IdentityStore store = new IdentityStore(root.resolve("ids"));
        Path file = Files.writeString(root.resolve("key.pem"), SECP256K1);
        Identity imported = store.importKey("minter", file);
        assertEquals(imported.sender(), store.load("minter", s -> {}).sender());
        assertEquals(imported.sender(), store.load(file.toString(), s -> {}).sender());
        // SHA-224 of what openssl prints as the public key, computed by hand.
        assertEquals(
                "35pco-y6slg-tcvav-snij5-ysokx-4nw2f-pdcox-lmxuq-kqhqu-ubyp5-hae",
                imported.sender().toString());
    }

    @Test
    void nothingIsOverwrittenAndNothingIsGuessed() throws Exception {
        IdentityStore store = new IdentityStore(root.resolve("ids"));
        store.create("alice");
        assertEquals(ExitCode.CONFLICT, failure(() -> store.create("alice")).code());
        assertEquals(ExitCode.CONFLICT, failure(() -> store.create("anonymous")).code());
        assertEquals(ExitCode.USAGE, failure(() -> store.create("../x")).code());
        assertTrue(failure(() -> store.load("bob", s -> {})).fix().contains("ic identity new bob"));
        Path broken = Files.writeString(root.resolve("broken.pem"), "-----BEGIN PRIVATE KEY-----");
        Failure failure = failure(() -> store.importKey("bob", broken));
        assertEquals(ExitCode.FAILURE, failure.code());
        assertEquals(List.of("anonymous", "alice"), store.names());
    }

    private static Failure failure(Runnable task) {
        return assertThrows(Failure.class, task::run);
    }
}
