package icj.launcher.bench;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// A connection that does not block, opened with the first request and kept.
final class LineChannel {
    private @Nullable SocketChannel channel;
    private ByteBuffer out = ByteBuffer.allocate(0);
    private boolean written;

    /// Sends a request, or begins to connect for it.
    ///
    /// @param attachment of the key that tells what happens
    void send(URI node, byte[] head, byte[] body, Selector selector, Object attachment)
            throws IOException {
        byte[] length = (body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        out = ByteBuffer.allocate(head.length + length.length + body.length);
        out.put(head).put(length).put(body).flip();
        written = false;
        SocketChannel known = channel;
        if (known != null) {
            write(known, known.keyFor(selector));
            return;
        }
        SocketChannel made = SocketChannel.open();
        channel = made;
        made.configureBlocking(false);
        made.setOption(StandardSocketOptions.TCP_NODELAY, true);
        boolean done = made.connect(HttpLoad.address(node));
        SelectionKey key =
                made.register(
                        selector,
                        done ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT,
                        attachment);
        if (done) {
            write(made, key);
        }
    }

    /// Connects and writes as far as the key says that it can.
    void goOn(SelectionKey key) throws IOException {
        SocketChannel known = channel;
        if (known == null) {
            return;
        }
        if (key.isConnectable()) {
            known.finishConnect();
            write(known, key);
        } else if (key.isWritable()) {
            write(known, key);
        }
    }

    private void write(SocketChannel known, @Nullable SelectionKey key) throws IOException {
        written |= known.write(out) > 0;
        int wanted = SelectionKey.OP_READ | (out.hasRemaining() ? SelectionKey.OP_WRITE : 0);
        if (key != null && key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }

    /// Reads what is there; below 0 when the other side has closed.
    int read(ByteBuffer in) throws IOException {
        SocketChannel known = channel;
        return known == null ? -1 : known.read(in);
    }

    boolean is(SelectableChannel other) {
        return other == channel;
    }

    boolean isConnected() {
        SocketChannel known = channel;
        return known != null && known.isConnected();
    }

    /// Whether a byte of the request has left.
    boolean hasWritten() {
        return written;
    }

    void close() {
        SocketChannel known = channel;
        channel = null;
        if (known != null) {
            try {
                known.close();
            } catch (IOException e) {
                // It is of no more use either way.
                return;
            }
        }
    }
}
