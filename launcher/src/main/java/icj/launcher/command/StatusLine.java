package icj.launcher.command;

import java.io.Console;

/// The one line that a foreground network keeps up to date in a terminal; elsewhere there is none.
final class StatusLine {
    private static final String CLEAR = "\r\u001b[2K";

    private final Ic ic;
    private final boolean shown;
    private String last = "";

    private StatusLine(Ic ic, boolean shown) {
        this.ic = ic;
        this.shown = shown;
    }

    static StatusLine of(Ic ic) {
        Console console = System.console();
        boolean dumb = "dumb".equals(System.getenv("TERM"));
        return new StatusLine(ic, console != null && console.isTerminal() && !dumb && !ic.json());
    }

    boolean isShown() {
        return shown;
    }

    void show(NetworkView view) {
        long ready = view.nodes().stream().filter(NetworkView.Node::isReady).count();
        StringBuilder line = new StringBuilder();
        line.append(ready).append(" of ").append(view.nodes().size()).append(" nodes ready");
        for (NetworkView.Node node : view.nodes()) {
            if (!node.isReady()) {
                line.append(", ").append(node.name()).append(' ');
                line.append(
                        node.isGivenUp()
                                ? "given up"
                                : node.isStoppedByHand() ? "stopped" : "starting");
            }
        }
        line.append(". Ctrl-C stops.");
        if (!line.toString().equals(last)) {
            last = line.toString();
            ic.out().print(CLEAR + last);
            ic.out().flush();
        }
    }

    void end() {
        if (shown && !last.isEmpty()) {
            ic.out().print(CLEAR);
        }
    }
}
