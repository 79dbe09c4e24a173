package icj.launcher.bench;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// One kept connection on which one request follows the other, for latencies.
final class Connection implements AutoCloseable {
    private static final int READ_BYTES = 64 * 1024;

    private final byte[] head;
    private final Duration answerTimeout;
    private final AnswerReader reader = new AnswerReader();
    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
    private final SocketChannel channel;
    private final Selector selector;

    /// @param answerTimeout how long one answer may take
    Connection(URI node, String path, Duration answerTimeout) throws IOException {
        head = HttpLoad.head(node, path);
        this.answerTimeout = answerTimeout;
        channel = SocketChannel.open(HttpLoad.address(node));
        selector = Selector.open();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
    }

    /// Sends a request and waits for the whole answer.
    AnswerReader ask(byte[] body) throws IOException {
        byte[] length = (body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = ByteBuffer.allocate(head.length + length.length + body.length);
        out.put(head).put(length).put(body).flip();
        reader.reset();
        while (out.hasRemaining()) {
            // Requests are far smaller than what a socket buffers: this loop runs once.
            channel.write(out);
        }
        long giveUp = System.nanoTime() + answerTimeout.toNanos();
        while (true) {
            long left = giveUp - System.nanoTime();
            if (left <= 0) {
                throw new SocketTimeoutException(
                        "no answer within " + answerTimeout.toSeconds() + " s");
            }
            selector.select(Math.max(1, left / 1_000_000));
            selector.selectedKeys().clear();
            in.clear();
            if (channel.read(in) < 0) {
                throw new IOException("the node closed the connection");
            }
            in.flip();
            if (in.hasRemaining() && reader.take(in)) {
                return reader;
            }
        }
    }

    @Override
    public void close() {
        try {
            selector.close();
            channel.close();
        } catch (IOException e) {
            // It is of no more use either way.
            return;
        }
    }
}
