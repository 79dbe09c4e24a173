package icj.launcher.command;

import java.util.Locale;

/// One line on a terminal that tells how far a wait is; elsewhere nothing, or with `--verbose` a
/// line for each step.
final class Progress implements AutoCloseable {
    private static final String CLEAR = "\r\u001b[2K";

    /// Short waits need no word.
    private static final long SILENT_NANOS = 300_000_000;

    private final Ic ic;
    private final long began = System.nanoTime();
    private String shown = "";
    private int last = -1;

    Progress(Ic ic) {
        this.ic = ic;
    }

    /// So many nodes are ready.
    void ready(int ready, int total) {
        double seconds = seconds();
        if (ready != last) {
            last = ready;
            ic.detail(
                    String.format(
                            Locale.ROOT,
                            "%d of %d nodes ready after %.1f s",
                            ready,
                            total,
                            seconds));
        }
        if (ic.mayAnimate() && !ic.verbose() && System.nanoTime() - began > SILENT_NANOS) {
            String line =
                    String.format(
                            Locale.ROOT,
                            "Waiting for the nodes: %d of %d ready, %.0f s ",
                            ready,
                            total,
                            seconds);
            if (!line.equals(shown)) {
                shown = line;
                ic.err().print(CLEAR + line);
                ic.err().flush();
            }
        }
    }

    double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    /// Takes the line away.
    @Override
    public void close() {
        if (!shown.isEmpty()) {
            ic.err().print(CLEAR);
            ic.err().flush();
            shown = "";
        }
    }
}
