package icj.replica.p2p;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import icj.testing.Prng;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;

import org.junit.jupiter.api.Test;

final class FrameDecoderTest {
    private static ByteBuf frame(int length, int kind, int payload) {
        return Unpooled.buffer().writeInt(length).writeByte(kind).writeBytes(new byte[payload]);
    }

    @Test
    void shortMessagesPassBeforeTheGreetingAndLongOnesAfter() {
        FrameDecoder decoder = new FrameDecoder(PeerLimits.STANDARD);
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        channel.writeInbound(frame(101, FrameKind.ARTIFACT.code(), 100));
        assertEquals(100, ((PeerFrame) channel.readInbound()).payload().length());
        assertThrows(
                CorruptedFrameException.class,
                () -> channel.writeInbound(frame(257, FrameKind.ARTIFACT.code(), 0)));
        FrameDecoder open = new FrameDecoder(PeerLimits.STANDARD);
        open.greeted();
        EmbeddedChannel greeted = new EmbeddedChannel(open);
        greeted.writeInbound(frame(100_001, FrameKind.INGRESS.code(), 100_000));
        assertEquals(100_000, ((PeerFrame) greeted.readInbound()).payload().length());
    }

    @Test
    void lengthsBeyondTheBoundAreRefusedWithoutAllocating() {
        FrameDecoder decoder = new FrameDecoder(PeerLimits.STANDARD);
        decoder.greeted();
        for (int length : new int[] {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(PeerLimits.STANDARD));
            assertThrows(
                    CorruptedFrameException.class,
                    () -> channel.writeInbound(Unpooled.buffer().writeInt(length)));
        }
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        int tooLong = PeerLimits.STANDARD.frameBytesMax() + 1;
        assertThrows(
                CorruptedFrameException.class,
                () -> channel.writeInbound(Unpooled.buffer().writeInt(tooLong)));
    }

    @Test
    void unknownKindsAreRefused() {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(PeerLimits.STANDARD));
        assertThrows(CorruptedFrameException.class, () -> channel.writeInbound(frame(1, 99, 0)));
    }

    @Test
    void messagesMayBeCutAnywhere() {
        Prng prng = Prng.of(3);
        ByteBuf all = Unpooled.buffer();
        for (int i = 0; i < 20; i++) {
            all.writeBytes(frame(1 + i, FrameKind.ARTIFACT.code(), i));
        }
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(PeerLimits.STANDARD));
        while (all.isReadable()) {
            int part = Math.min(all.readableBytes(), 1 + prng.below(7));
            channel.writeInbound(all.readBytes(part));
        }
        for (int i = 0; i < 20; i++) {
            PeerFrame frame = channel.readInbound();
            assertNotNull(frame);
            assertEquals(i, frame.payload().length());
        }
        assertNull(channel.readInbound());
    }
}
