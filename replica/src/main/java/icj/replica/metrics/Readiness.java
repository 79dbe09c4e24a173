package icj.replica.metrics;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Whether a node serves: a list of parts, each ready or with a reason why not. Until [#complete]
/// it doesn't, since a part that is still to come has said nothing.
public final class Readiness {
    private record Part(String name, Supplier<@Nullable String> reason) {}

    private final List<Part> parts = new ArrayList<>();
    private volatile boolean complete;

    public Readiness() {
        part("start", () -> complete ? null : "the node starts");
    }

    /// Says that all parts are there and the node runs.
    public void complete() {
        complete = true;
    }

    /// Adds a part. Called while the node is wired; readers may be there already.
    ///
    /// @param reason asked on any thread; null when the part is ready
    public void part(String name, Supplier<@Nullable String> reason) {
        synchronized (parts) {
            parts.add(new Part(name, reason));
        }
    }

    /// The first reason why the node isn't ready, or null.
    public @Nullable String firstReason() {
        synchronized (parts) {
            for (Part part : parts) {
                String reason = part.reason().get();
                if (reason != null) {
                    return part.name() + ": " + reason;
                }
            }
        }
        return null;
    }

    /// `{"ready":..,"parts":{"<name>":{"ready":..,"reason":".."}}}`.
    public String toJson() {
        StringBuilder json = new StringBuilder();
        boolean all = true;
        synchronized (parts) {
            for (Part part : parts) {
                String reason = part.reason().get();
                all &= reason == null;
                json.append(json.isEmpty() ? "" : ",");
                json.append(quoted(part.name())).append(":{\"ready\":").append(reason == null);
                if (reason != null) {
                    json.append(",\"reason\":").append(quoted(reason));
                }
                json.append('}');
            }
        }
        return "{\"ready\":" + all + ",\"parts\":{" + json + "}}\n";
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(' ');
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
