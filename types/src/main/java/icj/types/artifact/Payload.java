package icj.types.artifact;

import java.util.List;

/// The update calls of a block, in the order in which execution inducts them.
public record Payload(List<IngressRef> ingress) {
    /// No calls.
    public static final Payload EMPTY = new Payload(List.of());

    public Payload {
        ingress = List.copyOf(ingress);
    }

    /// Whether there are no calls.
    public boolean isEmpty() {
        return ingress.isEmpty();
    }
}
