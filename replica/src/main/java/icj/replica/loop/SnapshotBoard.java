package icj.replica.loop;

import icj.state.model.ReplicatedState;
import icj.state.tree.LabelTree;
import icj.types.Height;
import icj.types.artifact.Artifact;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// The executed states that are still needed, by height, and the newest certified one, which
/// answers queries and reads. A snapshot shares with its neighbours what did not change, so that
/// keeping a few costs what changed between them. All methods may be called on any thread.
public final class SnapshotBoard {
    /// A state and the certified tree made of it.
    public record Executed(ReplicatedState state, LabelTree tree) {
        /// The height of the last batch in it.
        public Height height() {
            return state.height();
        }
    }

    /// A state with the subnet's signature on its tree.
    public record Certified(Executed executed, Artifact.Certification certification) {
        /// The height.
        public Height height() {
            return executed.height();
        }

        /// The state.
        public ReplicatedState state() {
            return executed.state();
        }

        /// The tree whose root is signed.
        public LabelTree tree() {
            return executed.tree();
        }
    }

    private final TreeMap<Height, Executed> executed = new TreeMap<>();
    private final List<Consumer<Certified>> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable Certified latest;
    private volatile @Nullable Executed newest;

    /// Calls `listener` at each newly certified height, on the thread that certifies: it must be
    /// quick.
    public void onCertified(Consumer<Certified> listener) {
        listeners.add(listener);
    }

    /// Adds an executed height.
    public void put(Executed snapshot) {
        synchronized (executed) {
            executed.put(snapshot.height(), snapshot);
            newest = snapshot;
        }
    }

    /// The newest certified snapshot, or null while there is none after the start.
    public @Nullable Certified latest() {
        return latest;
    }

    /// The newest executed snapshot, certified or not; null before the state is restored.
    public @Nullable Executed newest() {
        return newest;
    }

    /// The executed snapshot of this height or the lowest kept one above it, or null.
    public @Nullable Executed atOrAbove(Height height) {
        synchronized (executed) {
            Map.Entry<Height, Executed> entry = executed.ceilingEntry(height);
            return entry == null ? null : entry.getValue();
        }
    }

    /// A height is certified: its snapshot answers from now on.
    public void certify(Artifact.Certification certification) {
        Certified certified;
        synchronized (executed) {
            Executed snapshot = executed.get(certification.height());
            Certified before = latest;
            if (snapshot == null
                    || before != null && !certification.height().isAbove(before.height())) {
                return;
            }
            certified = new Certified(snapshot, certification);
            latest = certified;
        }
        for (Consumer<Certified> listener : listeners) {
            listener.accept(certified);
        }
    }

    /// Lets go of the snapshots below `lowest` (R-S7), but never of the newest certified one nor of
    /// the newest.
    public void release(Height lowest) {
        synchronized (executed) {
            Certified certified = latest;
            List<Height> below = new ArrayList<>(executed.headMap(lowest, false).keySet());
            for (Height height : below) {
                boolean needed =
                        height.equals(executed.lastKey())
                                || certified == null
                                || height.compareTo(certified.height()) >= 0;
                if (!needed) {
                    executed.remove(height);
                }
            }
        }
    }

    /// How many snapshots are kept.
    public int size() {
        synchronized (executed) {
            return executed.size();
        }
    }
}
