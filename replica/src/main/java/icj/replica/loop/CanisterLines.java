package icj.replica.loop;

import icj.execution.message.PrintedLine;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// What canisters print, for the node's log of canisters: a line each, begun by the canister's id.
public final class CanisterLines {
    /// The logger, which has a file of its own.
    public static final String LOGGER = "canister";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
    private static final String TRAP = "[TRAP]";

    private CanisterLines() {}

    static void log(List<PrintedLine> printed) {
        for (PrintedLine line : printed) {
            String text = clean(new String(line.content().toBytes(), StandardCharsets.UTF_8));
            if (text.startsWith(TRAP)) {
                LOG.warn("[{}] {}", line.canister(), text);
            } else {
                LOG.info("[{}] {}", line.canister(), text);
            }
        }
    }

    /// A canister can't write lines that look like another's, nor steer a terminal.
    static String clean(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                clean.append("\\n");
            } else if (c == '\t' || !Character.isISOControl(c)) {
                clean.append(c);
            } else {
                clean.append(String.format("\\u%04x", (int) c));
            }
        }
        return clean.toString();
    }
}
