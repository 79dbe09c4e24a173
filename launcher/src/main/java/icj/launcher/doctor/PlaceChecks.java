package icj.launcher.doctor;

import icj.launcher.network.Locations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Whether there is room for networks, and whether this user may write there.
public final class PlaceChecks {
    private static final long MIB = 1L << 20;

    /// A network of five nodes with some canisters, and its logs.
    private static final long ROOM_WANTED = 2_048 * MIB;

    /// Less than what a node's journal may take before it is cut.
    private static final long ROOM_LEAST = 256 * MIB;

    private PlaceChecks() {}

    /// Of the folder of networks (or of one network), identities and caches.
    public static List<Finding> of(Path networks, Locations locations) {
        List<Finding> findings = new ArrayList<>();
        findings.add(room(networks));
        findings.add(writable("state", networks));
        findings.add(writable("identities", locations.identities()));
        findings.add(writable("caches", locations.cache()));
        return findings;
    }

    private static Finding room(Path place) {
        Path there = existing(place);
        long free;
        try {
            free = Files.getFileStore(there).getUsableSpace();
        } catch (IOException e) {
            return Finding.warning("disk", there + ": " + e.getMessage(), "Is the disk there?");
        }
        return room(there, free);
    }

    static Finding room(Path there, long free) {
        String found = Machine.bytes(free) + " free in " + there;
        String remedy = "Make room, or name another place with --state-dir";
        if (free < ROOM_LEAST) {
            return Finding.failure("disk", found, remedy);
        }
        return free < ROOM_WANTED
                ? Finding.warning("disk", found, remedy)
                : Finding.ok("disk", found);
    }

    private static Finding writable(String name, Path place) {
        Path there = existing(place);
        if (Files.isDirectory(there) && Files.isWritable(there)) {
            return Finding.ok(name, place.toString());
        }
        return Finding.failure(
                name,
                there + (Files.isDirectory(there) ? " can't be written" : " is no folder"),
                "Correct its owner or rights: ls -ld " + there);
    }

    /// The nearest folder above that is there.
    private static Path existing(Path place) {
        Path at = place.toAbsolutePath();
        while (!Files.exists(at)) {
            Path above = at.getParent();
            if (above == null) {
                return at;
            }
            at = above;
        }
        return at;
    }
}
