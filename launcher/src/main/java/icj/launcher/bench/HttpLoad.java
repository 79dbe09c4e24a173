package icj.launcher.bench;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Clients that send a request, wait for the answer and send the next, all on the thread that calls
/// [#run]: each has one connection that is kept, they are spread over the nodes in turn. A client
/// that was refused waits as long as the node says.
final class HttpLoad {
    /// How long one answer may take: longer than a node lets a caller wait (R-I3).
    private static final long ANSWER_NANOS_MAX = 40_000_000_000L;

    /// A client whose connection failed tries again so much later.
    private static final long RECONNECT_NANOS = 100_000_000L;

    private static final long LOOK_NANOS = 20_000_000L;
    private static final int READ_BYTES = 64 * 1024;

    private final LoadFeed feed;
    private final List<Client> clients = new ArrayList<>();
    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
    private @Nullable Selector selector;
    private long endNanos;
    private int open;
    private volatile boolean cancelled;

    /// @param nodes where requests go, `http://host:port`
    /// @param path of all requests
    /// @param count of clients
    HttpLoad(List<URI> nodes, String path, int count, LoadFeed feed) {
        this.feed = feed;
        for (int i = 0; i < count; i++) {
            clients.add(new Client(nodes.get(i % nodes.size()), path));
        }
    }

    /// The head of a request, up to the number of bytes of its body.
    static byte[] head(URI node, String path) {
        return ("POST "
                        + prefix(node)
                        + path
                        + " HTTP/1.1\r\nHost: "
                        + node.getRawAuthority()
                        + "\r\nContent-Type: application/cbor\r\nContent-Length: ")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String prefix(URI node) {
        String path = node.getRawPath() == null ? "" : node.getRawPath();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    static InetSocketAddress address(URI node) {
        return new InetSocketAddress(node.getHost(), node.getPort() < 0 ? 80 : node.getPort());
    }

    /// Ends the load early; any thread.
    void cancel() {
        cancelled = true;
    }

    /// Sends for `load`, then waits for what is still open; how long the sending took, in
    /// nanoseconds.
    ///
    /// @param drain how long to wait at the end
    long run(Duration load, Duration drain) throws IOException {
        long began = System.nanoTime();
        endNanos = began + load.toNanos();
        long giveUp = endNanos + drain.toNanos();
        try (Selector opened = Selector.open()) {
            selector = opened;
            long look = began;
            while (true) {
                long now = System.nanoTime();
                if (now - look >= 0) {
                    look = now + LOOK_NANOS;
                    for (Client client : clients) {
                        client.look(now);
                    }
                }
                boolean over = isOver(now);
                if (over && open == 0 || now - giveUp >= 0) {
                    break;
                }
                opened.select(Math.max(1, (look - now) / 1_000_000));
                for (SelectionKey key : opened.selectedKeys()) {
                    ((Client) key.attachment()).ready(key);
                }
                opened.selectedKeys().clear();
            }
        } finally {
            for (Client client : clients) {
                client.fail("no answer before the end of the run");
            }
        }
        return Math.min(System.nanoTime(), endNanos) - began;
    }

    private boolean isOver(long now) {
        return cancelled || now - endNanos >= 0;
    }

    private final class Client {
        private final URI node;
        private final byte[] head;
        private final AnswerReader reader = new AnswerReader();
        private @Nullable SocketChannel channel;
        private @Nullable LoadRequest current;
        private ByteBuffer out = ByteBuffer.allocate(0);
        private long sentNanos;
        private long resumeNanos = System.nanoTime();

        Client(URI node, String path) {
            this.node = node;
            head = head(node, path);
        }

        /// Begins what is due and gives up what is late.
        void look(long now) {
            if (current != null) {
                if (now - sentNanos > ANSWER_NANOS_MAX) {
                    fail("no answer within " + ANSWER_NANOS_MAX / 1_000_000_000 + " s");
                }
            } else if (now - resumeNanos >= 0) {
                begin();
            }
        }

        private void begin() {
            if (isOver(System.nanoTime())) {
                return;
            }
            LoadRequest next = feed.next();
            if (next == null) {
                return;
            }
            current = next;
            open++;
            byte[] body = next.body();
            byte[] length = (body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
            out = ByteBuffer.allocate(head.length + length.length + body.length);
            out.put(head).put(length).put(body).flip();
            reader.reset();
            sentNanos = System.nanoTime();
            try {
                SocketChannel connected = channel;
                if (connected == null) {
                    connect();
                } else {
                    write(connected);
                }
            } catch (IOException e) {
                fail(reason(e));
            }
        }

        private void connect() throws IOException {
            SocketChannel made = SocketChannel.open();
            channel = made;
            made.configureBlocking(false);
            made.setOption(StandardSocketOptions.TCP_NODELAY, true);
            Selector known = selector;
            if (known == null) {
                throw new IOException("the load is not running");
            }
            boolean done = made.connect(address(node));
            made.register(known, done ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
            if (done) {
                write(made);
            }
        }

        private void write(SocketChannel connected) throws IOException {
            connected.write(out);
            SelectionKey key = connected.keyFor(selector);
            if (key != null) {
                int wanted =
                        SelectionKey.OP_READ | (out.hasRemaining() ? SelectionKey.OP_WRITE : 0);
                if (key.interestOps() != wanted) {
                    key.interestOps(wanted);
                }
            }
        }

        void ready(SelectionKey key) {
            SocketChannel connected = channel;
            if (connected == null || key.channel() != connected || !key.isValid()) {
                return;
            }
            try {
                if (key.isConnectable()) {
                    connected.finishConnect();
                    write(connected);
                } else if (key.isWritable()) {
                    write(connected);
                }
                if (key.isReadable()) {
                    read(connected);
                }
            } catch (IOException e) {
                fail(reason(e));
            }
        }

        private void read(SocketChannel connected) throws IOException {
            in.clear();
            int count = connected.read(in);
            in.flip();
            LoadRequest request = current;
            if (count < 0 || request == null) {
                throw new IOException("the node closed the connection");
            }
            if (!reader.take(in)) {
                return;
            }
            long now = System.nanoTime();
            current = null;
            open--;
            feed.answered(request, reader.status(), reader.body(), now - sentNanos);
            if (reader.isClosing()) {
                close();
            }
            if (reader.status() == 429 || reader.status() == 503) {
                resumeNanos = now + reader.retrySeconds() * 1_000_000_000L;
            } else {
                begin();
            }
        }

        private void fail(String reason) {
            close();
            LoadRequest request = current;
            if (request != null) {
                current = null;
                open--;
                feed.failed(request, reason);
            }
            resumeNanos = System.nanoTime() + RECONNECT_NANOS;
        }

        private void close() {
            SocketChannel connected = channel;
            channel = null;
            if (connected != null) {
                try {
                    connected.close();
                } catch (IOException e) {
                    // It is of no more use either way.
                    return;
                }
            }
        }

        private String reason(IOException e) {
            String message = e.getMessage();
            return node + ": " + (message == null ? e.getClass().getSimpleName() : message);
        }
    }
}
