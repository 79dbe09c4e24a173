package icj.replica.p2p;

import org.jspecify.annotations.Nullable;

/// What a message between peers holds. Append-only: the codes are on the wire.
public enum FrameKind {
    /// First message in both directions: protocol version (2 bytes, big-endian) and network id
    /// (32).
    GREETING(1),
    /// Nothing: the sender is alive.
    PING(2),
    /// One artifact of consensus, as `icj.wire.ArtifactCodec` writes it.
    ARTIFACT(3),
    /// One update call, the envelope as the client sent it.
    INGRESS(4);

    private final int code;

    FrameKind(int code) {
        this.code = code;
    }

    /// The byte on the wire.
    public int code() {
        return code;
    }

    /// The kind of this byte, or null.
    public static @Nullable FrameKind ofCode(int code) {
        for (FrameKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        return null;
    }
}
