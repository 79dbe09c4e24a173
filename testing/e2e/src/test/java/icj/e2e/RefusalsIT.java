package icj.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.agent.Agent;
import icj.types.Blob;
import icj.types.CanisterId;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A network whose files are not what they were: `./ic start` ends with the exit code and a
/// sentence, and serves again, with all that was certified, when the files are back.
@Tag("e2e")
final class RefusalsIT {
    private static final int DAMAGED = 6;
    private static final int CONFLICT = 5;
    private static final int NUMBERS = 30;

    @TempDir Path home;

    private Network network;
    private Path node;
    private Path kept;

    @Test
    @Timeout(600)
    void startRefusesWhatItMustNotGoOnFrom() throws Exception {
        Path elsewhere = Files.createDirectories(home.resolve("elsewhere"));
        try (Network other = Network.start(elsewhere, 1, 0)) {
            assertEquals(1, other.nodes().size());
        }
        Path foreign = elsewhere.resolve("network");

        network = Network.start(home, 1, 0);
        node = network.directory().resolve("nodes/1");
        CanisterId log;
        List<Long> numbers = new ArrayList<>();
        URI http;
        try {
            log = network.deploy("examples/log");
            http = network.node("1").http();
            try (Agent agent = agent()) {
                for (long i = 1; i <= NUMBERS; i++) {
                    agent.call(log, "append", Blob.owning(LogClients.arguments(i)));
                    numbers.add(i);
                }
            }
            // A clean stop writes the state: it is what says later that a journal is missing.
            network.close();
            network.resume();
            try (Agent agent = agent()) {
                agent.call(log, "append", Blob.owning(LogClients.arguments(NUMBERS + 1L)));
                numbers.add(NUMBERS + 1L);
            }
            network.killAll();
        } finally {
            network.close();
        }
        kept = home.resolve("kept");
        copy(network.directory(), kept);

        // Another network's files.
        replace(node.resolve("state"), foreign.resolve("nodes/1/state"));
        refused(DAMAGED, "network");
        replace(node.resolve("journal"), foreign.resolve("nodes/1/journal"));
        refused(DAMAGED, "network");
        replace(network.directory().resolve("genesis.cbor"), foreign.resolve("genesis.cbor"));
        refused(DAMAGED, "genesis");

        // Newer formats.
        Files.writeString(network.directory().resolve("format.json"), "{\"format\": 2}\n");
        refused(DAMAGED, "newer version");
        edit("nodes/1/node.json", "\"version\" : 1", "\"version\" : 2");
        refused(DAMAGED, "format 2");
        edit("settings.json", "\"version\" : 1", "\"version\" : 2");
        refused(DAMAGED, "version 2");

        // A journal that is gone, or has lost its end.
        delete(node.resolve("journal"));
        refused(DAMAGED, "forgotten what it signed");
        delete(node.resolve("journal"));
        Files.delete(node.resolve("journal.mark"));
        refused(DAMAGED, "forgotten what it signed");
        for (int part = 1; part <= 3; part++) {
            cut(part);
            refused(DAMAGED, "journal");
        }

        // A port of ours that somebody else took meanwhile.
        try (ServerSocket holder = hold(http)) {
            Shell.Outcome outcome = network.ic("start", "--background").expect(CONFLICT);
            assertTrue(
                    outcome.output().contains("Port " + holder.getLocalPort() + " is taken by"),
                    outcome.output());
            if (Files.exists(Path.of("/proc/net/tcp"))) {
                assertTrue(
                        outcome.output().contains("process " + ProcessHandle.current().pid()),
                        outcome.output());
            }
        }

        network.resume();
        try (Agent agent = agent()) {
            assertEquals(numbers, LogClients.read(agent, log));
            agent.call(log, "append", Blob.owning(LogClients.arguments(NUMBERS + 2L)));
        } finally {
            network.close();
        }
    }

    /// The three others are a quorum: they serve, and go on after the command has ended.
    @Test
    @Timeout(300)
    void oneOfFourIsLeftOut() throws Exception {
        network = Network.start(home, 4, 0);
        try {
            CanisterId log = network.deploy("examples/log");
            try (Agent agent = agent()) {
                agent.call(log, "append", Blob.owning(LogClients.arguments(1L)));
            }
            // A clean stop writes the state, which says that there was a journal.
            network.close();
            delete(network.directory().resolve("nodes/3/journal"));
            Shell.Outcome outcome = network.ic("start", "--background");
            outcome.expect(DAMAGED);
            assertTrue(outcome.output().contains("The other nodes serve"), outcome.output());
            try (Agent agent = agent()) {
                agent.call(log, "append", Blob.owning(LogClients.arguments(2L)));
                assertEquals(List.of(1L, 2L), LogClients.read(agent, log));
            }
        } finally {
            network.close();
        }
    }

    private Agent agent() throws Exception {
        return Agent.builder(network.node("1").http()).rootKey(network.rootKey()).build();
    }

    private static ServerSocket hold(URI http) throws IOException {
        return new ServerSocket(http.getPort(), 1, InetAddress.getByName(http.getHost()));
    }

    /// Starts, expects the refusal, and puts all files back.
    private void refused(int code, String part) throws IOException {
        Shell.Outcome outcome = network.ic("start", "--background");
        if (outcome.exit() == 0) {
            network.close();
        }
        outcome.expect(code);
        assertTrue(outcome.output().contains(part), outcome.output());
        System.out.println("refused: " + outcome.output().strip().replace("\n", " | "));
        delete(network.directory());
        copy(kept, network.directory());
    }

    /// Takes a part of the journal's log away at its end: the last bytes that were written to the
    /// file that was written last (docs/adr/0006).
    private void cut(int part) throws IOException {
        Path log = node.resolve("journal/log-0.wal");
        Path other = node.resolve("journal/log-1.wal");
        if (firstNumber(other) > firstNumber(log)) {
            log = other;
        }
        byte[] bytes = Files.readAllBytes(log);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
            file.setLength(end - (long) end * part / 4);
        }
    }

    /// The number of the first record of a log's file; behind magic and length, 0 when empty.
    private static long firstNumber(Path log) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(8);
            return file.readLong();
        }
    }

    private void edit(String file, String before, String after) throws IOException {
        Path path = network.directory().resolve(file);
        String text = Files.readString(path);
        assertTrue(text.contains(before), text);
        Files.writeString(path, text.replace(before, after));
    }

    private static void replace(Path target, Path source) throws IOException {
        delete(target);
        copy(source, target);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(
                        path,
                        to.resolve(from.relativize(path).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
