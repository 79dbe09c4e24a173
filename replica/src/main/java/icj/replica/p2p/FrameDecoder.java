package icj.replica.p2p;

import icj.types.Blob;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;

import java.util.List;

/// Cuts bytes into messages. The length is checked before anything is allocated; until the peer has
/// greeted, only short messages pass.
final class FrameDecoder extends ByteToMessageDecoder {
    private final PeerLimits limits;
    private boolean greeted;

    FrameDecoder(PeerLimits limits) {
        this.limits = limits;
    }

    /// From now on long messages pass.
    void greeted() {
        greeted = true;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (in.readableBytes() < Integer.BYTES) {
            return;
        }
        int length = in.getInt(in.readerIndex());
        int max = greeted ? limits.frameBytesMax() : limits.greetingBytesMax();
        if (length < 1 || length > max) {
            in.skipBytes(in.readableBytes());
            throw new CorruptedFrameException("oversized");
        }
        if (in.readableBytes() < Integer.BYTES + length) {
            return;
        }
        in.skipBytes(Integer.BYTES);
        FrameKind kind = FrameKind.ofCode(in.readUnsignedByte());
        byte[] payload = new byte[length - 1];
        in.readBytes(payload);
        if (kind == null) {
            throw new CorruptedFrameException("unknown kind");
        }
        out.add(new PeerFrame(kind, Blob.owning(payload)));
    }
}
