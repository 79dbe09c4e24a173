package icj.replica.p2p;

import icj.types.Blob;

/// One message between peers. On the wire: length of all that follows (4 bytes, big-endian), kind
/// (1 byte), payload.
record PeerFrame(FrameKind kind, Blob payload) {
    static final int HEADER_BYTES = 5;

    int wireBytes() {
        return HEADER_BYTES + payload.length();
    }
}
