package icj.launcher.command;

import icj.launcher.network.NetworkFile;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Locale;

/// The one line that a foreground network keeps up to date on a terminal; elsewhere there is none.
/// Figures are those of the first application node that answers, over the last seconds.
final class StatusLine {
    /// Without line breaks at the terminal's edge.
    private static final String BEGIN = "\r\u001b[2K\u001b[?7l";

    private static final String END = "\u001b[?7h";

    /// Figures are over so many looks, one a second.
    private static final int LOOKS = 6;

    private static final String CLEAR = "\r\u001b[2K";

    private final Ic ic;
    private @Nullable String witness;
    private final ArrayDeque<NodeMetrics> window = new ArrayDeque<>();
    private boolean dirty;

    StatusLine(Ic ic) {
        this.ic = ic;
    }

    boolean isShown() {
        return ic.mayAnimate();
    }

    void show(NetworkView view) {
        dirty = true;
        ic.err().print(BEGIN + text(view) + END);
        ic.err().flush();
    }

    private String text(NetworkView view) {
        StringBuilder line = new StringBuilder();
        long ready = view.nodes().stream().filter(NetworkView.Node::isReady).count();
        String count = ready + " of " + view.nodes().size() + " nodes ready";
        boolean all = ready == view.nodes().size();
        line.append(ic.terminal().err(all ? Terminal.Style.GREEN : Terminal.Style.YELLOW, count));
        for (NetworkView.Node node : view.nodes()) {
            if (!node.isReady()) {
                line.append(", ").append(node.name()).append(' ');
                line.append(
                        node.isGivenUp()
                                ? "given up"
                                : node.isStoppedByHand() ? "stopped" : "starting");
            }
        }
        NodeMetrics now = metrics(view);
        if (now != null) {
            line.append(figures(now, window.getFirst()));
        }
        return line.append(" | Ctrl-C stops").toString();
    }

    /// The same node as before while it is ready: its counters go on.
    private @Nullable NodeMetrics metrics(NetworkView view) {
        NetworkFile.Node chosen = null;
        for (NetworkView.Node node : view.nodes()) {
            if (node.isReady() && (chosen == null || node.name().equals(witness))) {
                chosen = node.file();
            }
        }
        if (chosen == null) {
            return null;
        }
        NodeMetrics now = NodeMetrics.of(chosen);
        if (!chosen.name().equals(witness)) {
            window.clear();
            witness = chosen.name();
        }
        if (now != null) {
            window.addLast(now);
            if (window.size() > LOOKS) {
                window.removeFirst();
            }
        }
        return now;
    }

    /// Heights, blocks and updates a second, and how long a block takes to be final.
    static String figures(NodeMetrics now, NodeMetrics before) {
        double finality = now.medianMillis("ic_finality_seconds", before);
        return String.format(
                Locale.ROOT,
                " | height %d (certified %d) | %.1f blocks/s | finality p50 %s | %.1f updates/s",
                now.height("finalized"),
                now.height("certified"),
                now.rate("ic_height{stage=\"finalized\"}", before),
                Double.isNaN(finality) ? "-" : String.format(Locale.ROOT, "%.0f ms", finality),
                now.rate("ic_execution_updates_total", before));
    }

    void end() {
        if (dirty) {
            ic.err().print(CLEAR);
            ic.err().flush();
            dirty = false;
        }
    }
}
