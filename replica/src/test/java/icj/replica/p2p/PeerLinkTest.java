package icj.replica.p2p;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.candid.Principal;
import icj.types.NodeId;

import io.netty.channel.embedded.EmbeddedChannel;

import org.junit.jupiter.api.Test;

final class PeerLinkTest {
    private static final long SECOND = 1_000_000_000L;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final PeerLink link =
            new PeerLink(new NodeId(Principal.of(new byte[] {1})), channel, PeerLimits.STANDARD, 0);

    private boolean reads() {
        return channel.config().isAutoRead();
    }

    @Test
    void messagesBeyondTheBurstCostTime() {
        int burst = PeerLimits.STANDARD.costBurstMax();
        int rate = PeerLimits.STANDARD.costPerSecondMax();
        assertEquals(0, link.spend(burst, 0));
        assertEquals(SECOND, link.spend(rate, 0));
        assertEquals(2 * SECOND, link.spend(rate, 0));
        assertEquals(0, link.spend(0, 2 * SECOND));
    }

    /// Messages that were on the way when reading stopped make the wait longer and start no second
    /// one: the first wait's end alone must not open the door.
    @Test
    void aWaitThatGrowsEndsLater() {
        assertTrue(link.throttle(100));
        assertFalse(link.throttle(500));
        assertFalse(reads());
        assertEquals(400, link.endThrottle(100));
        assertFalse(reads());
        assertEquals(0, link.endThrottle(500));
        assertTrue(reads());
        assertTrue(link.throttle(900));
    }

    @Test
    void aPausedPeerIsNotReadWhenItsWaitEnds() {
        assertTrue(link.throttle(100));
        link.pause(true);
        assertEquals(0, link.endThrottle(100));
        assertFalse(reads());
        link.pause(false);
        assertTrue(reads());
    }
}
