package icj.replica.p2p;

import icj.types.Invariant;

/// The bounds of the peer connections.
///
/// @param frameBytesMax of one message: a proposal with its bodies (4 MiB) and some room
/// @param greetingBytesMax of messages before a peer has said which network it belongs to
/// @param queueBytesMax waiting to be sent to one peer; beyond it the connection is closed as too
///   slow, and the peer gets everything current when it returns
/// @param droppableBytesMax from this many waiting bytes on, messages that may be lost are
/// @param costPerSecondMax what one peer's messages may cost on average, in units of about a
///   microsecond of work; more makes it wait, by not reading from its socket, so that nothing is
///   lost and a peer that floods us harms itself
/// @param costBurstMax what they may cost at once
/// @param handshakesMax inbound connections that have not yet shown who they are
/// @param handshakeMillisMax from the connection to the greeting
/// @param pingMillis a connection without a sent message for that long sends an empty one
/// @param silentMillisMax a connection without a received message for that long is closed
/// @param backOffMillisMin before the first new attempt to connect
/// @param backOffMillisMax the back-off doubles up to this
public record PeerLimits(
        int frameBytesMax,
        int greetingBytesMax,
        long queueBytesMax,
        long droppableBytesMax,
        int costPerSecondMax,
        int costBurstMax,
        int handshakesMax,
        long handshakeMillisMax,
        long pingMillis,
        long silentMillisMax,
        long backOffMillisMin,
        long backOffMillisMax) {
    /// For nodes with small heaps.
    public static final PeerLimits STANDARD =
            new PeerLimits(
                    6 * 1024 * 1024,
                    256,
                    24L * 1024 * 1024,
                    6L * 1024 * 1024,
                    400_000,
                    800_000,
                    64,
                    5_000,
                    1_000,
                    10_000,
                    50,
                    1_000);

    public PeerLimits {
        Invariant.check(greetingBytesMax < frameBytesMax, "A greeting is a short message");
        Invariant.check(frameBytesMax <= droppableBytesMax, "One message must fit the queue");
        Invariant.check(droppableBytesMax <= queueBytesMax, "Losing comes before closing");
        Invariant.check(pingMillis * 3 <= silentMillisMax, "A lost ping is not yet silence");
        Invariant.check(backOffMillisMin <= backOffMillisMax, "The back-off grows");
    }
}
