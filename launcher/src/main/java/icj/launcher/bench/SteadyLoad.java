package icj.launcher.bench;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BiConsumer;

/// Updates at a steady rate, whether answers come or not, by turns to each node, all on the thread
/// that calls [#run]. A latency counts from the moment when the update was to be sent: what a slow
/// node makes its clients put off is part of it.
///
/// When a connection fails, the same envelope goes to another node: the network executes it once
/// (R-E5), and the client learns what became of it. A refusal (429) is the end of an update, unless
/// a node may have taken it before.
final class SteadyLoad {
    /// So long an update is asked about; a node lets a caller wait for 30 s (R-I3).
    private static final long PATIENCE_NANOS = 90_000_000_000L;

    /// How long one answer may take.
    private static final long ANSWER_NANOS_MAX = 40_000_000_000L;

    /// A node that can't be reached, or is not ready, is left alone for so long.
    private static final long AVOID_NANOS = 300_000_000L;

    /// An update that no node takes at present is tried again so much later.
    private static final long RETRY_NANOS = 100_000_000L;

    /// Connections to one node, each with one update open: half of what a node takes.
    static final int CONNECTIONS_MAX = 1_024;

    /// Updates that wait for another try; beyond it no new ones are sent.
    private static final int RETRIES_MAX = 16_384;

    /// What is not sent so long after the last one was to be, because all connections were busy, is
    /// not sent at all.
    private static final long LATE_NANOS_MAX = 2_000_000_000L;

    private static final long LOOK_NANOS = 250_000_000L;
    private static final int READ_BYTES = 64 * 1024;

    /// An update on its way.
    private static final class Update {
        private final LoadRequest request;
        private final long intendedNanos;

        /// The node that has its turn; after a failure the next one.
        private int node;

        private long retryNanos;

        /// Whether a node may have taken it.
        private boolean taken;

        Update(LoadRequest request, long intendedNanos, int node) {
            this.request = request;
            this.intendedNanos = intendedNanos;
            this.node = node;
        }
    }

    private final List<Lane> lanes = new ArrayList<>();
    private final SignedRequests requests;
    private final double rate;
    private final SoakCount count;
    private final BiConsumer<LoadRequest, byte[]> replies;
    private final int connections;
    private final PriorityQueue<Update> retries =
            new PriorityQueue<>(Comparator.comparingLong(update -> update.retryNanos));
    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
    private long sent;
    private int open;
    private volatile long unsent;

    /// @param nodes where updates go, `http://host:port`
    /// @param path of all of them
    /// @param rate of updates per second
    /// @param connections to each node at most
    /// @param requests signs them
    /// @param count hears what became of them
    /// @param replies sees the answers that acknowledge
    SteadyLoad(
            List<URI> nodes,
            String path,
            double rate,
            int connections,
            SignedRequests requests,
            SoakCount count,
            BiConsumer<LoadRequest, byte[]> replies) {
        for (URI node : nodes) {
            lanes.add(new Lane(node, path));
        }
        this.rate = rate;
        this.requests = requests;
        this.count = count;
        this.replies = replies;
        this.connections = connections;
    }

    /// Sends for `load`, then waits until everything has an outcome. How many were sent.
    long run(Duration load) throws IOException {
        long began = System.nanoTime();
        long total = (long) (load.toNanos() / 1e9 * rate);
        long end = began + load.toNanos();
        try (Selector selector = Selector.open()) {
            for (Lane lane : lanes) {
                lane.selector = selector;
            }
            long look = began;
            while (sent < total || open > 0 || !retries.isEmpty()) {
                long now = System.nanoTime();
                if (now - end > LATE_NANOS_MAX && sent < total) {
                    unsent = total - sent;
                    total = sent;
                }
                retry(now);
                long next = intended(began, sent);
                while (sent < total && next <= now && retries.size() < RETRIES_MAX) {
                    int turn = (int) (sent % lanes.size());
                    Lane lane = free(turn, now);
                    if (lane == null) {
                        // All nodes are busy or away: those to come wait, and their time runs.
                        break;
                    }
                    sent++;
                    open++;
                    lane.send(new Update(requests.next(), next, turn), now);
                    next = intended(began, sent);
                }
                if (now - look >= 0) {
                    look = now + LOOK_NANOS;
                    for (Lane lane : lanes) {
                        lane.giveUpLate(now);
                    }
                }
                long wait = sent < total && next > now ? next - now : RETRY_NANOS / 10;
                selector.select(Math.clamp(wait / 1_000_000, 1, RETRY_NANOS / 10_000_000));
                for (SelectionKey key : selector.selectedKeys()) {
                    ((Line) key.attachment()).ready(key);
                }
                selector.selectedKeys().clear();
            }
        } finally {
            lanes.forEach(Lane::close);
        }
        return sent;
    }

    /// How many were to be sent and were not.
    long unsent() {
        return unsent;
    }

    private long intended(long began, long number) {
        return began + (long) (number / rate * 1e9);
    }

    private void retry(long now) {
        while (!retries.isEmpty() && retries.element().retryNanos <= now) {
            Update update = retries.remove();
            if (now - update.intendedNanos > PATIENCE_NANOS) {
                open--;
                count.unknown(update.taken ? "no node tells what became of it" : "no node took it");
                continue;
            }
            Lane lane = free(update.node, now);
            if (lane == null) {
                later(update, now + RETRY_NANOS);
            } else {
                lane.send(update, now);
            }
        }
    }

    private void later(Update update, long whenNanos) {
        update.retryNanos = whenNanos;
        retries.add(update);
    }

    /// The first node from this one on that can be asked; null when there is none.
    private @Nullable Lane free(int from, long now) {
        for (int i = 0; i < lanes.size(); i++) {
            Lane lane = lanes.get((from + i) % lanes.size());
            if (lane.isFree(now)) {
                return lane;
            }
        }
        return null;
    }

    private void answered(Update update, AnswerReader answer, Lane lane, long now) {
        long number = update.request.number();
        switch (answer.status()) {
            case 200 -> {
                open--;
                if (Replies.looksReplied(answer.body())) {
                    count.acknowledged(number, now - update.intendedNanos);
                    replies.accept(update.request, answer.body());
                } else {
                    count.failed("HTTP 200, and no reply");
                }
            }
            case 202 -> {
                // No outcome within the node's patience: the same question again, there.
                update.taken = true;
                later(update, now);
            }
            case 429 -> {
                if (update.taken) {
                    later(update, now + answer.retrySeconds() * 1_000_000_000L);
                } else {
                    open--;
                    count.refused();
                }
            }
            case 503 -> {
                lane.avoidUntilNanos = now + AVOID_NANOS;
                update.node = (update.node + 1) % lanes.size();
                later(update, now);
            }
            default -> {
                open--;
                count.failed("HTTP " + answer.status() + ": " + Replies.text(answer.body()));
            }
        }
    }

    private void failed(Update update, Lane lane, boolean written, long now) {
        update.taken |= written;
        update.node = (lanes.indexOf(lane) + 1) % lanes.size();
        later(update, now);
    }

    /// The connections to one node.
    private final class Lane {
        private final URI node;
        private final byte[] head;
        private final List<Line> idle = new ArrayList<>();
        private final List<Line> busy = new ArrayList<>();
        private @Nullable Selector selector;
        private long avoidUntilNanos = System.nanoTime();

        Lane(URI node, String path) {
            this.node = node;
            head = HttpLoad.head(node, path);
        }

        boolean isFree(long now) {
            return now - avoidUntilNanos >= 0 && (!idle.isEmpty() || busy.size() < connections);
        }

        void send(Update update, long now) {
            Line line = idle.isEmpty() ? new Line(this) : idle.removeLast();
            line.place = busy.size();
            busy.add(line);
            line.send(update, now);
        }

        /// In constant time: the last one takes its place.
        void leave(Line line) {
            Line last = busy.removeLast();
            if (last != line) {
                busy.set(line.place, last);
                last.place = line.place;
            }
        }

        void giveUpLate(long now) {
            for (Line line : List.copyOf(busy)) {
                if (now - line.sentNanos > ANSWER_NANOS_MAX) {
                    line.fail(now);
                }
            }
        }

        void close() {
            idle.forEach(Line::close);
            busy.forEach(Line::close);
        }
    }

    /// One connection.
    private final class Line {
        private final Lane lane;
        private final AnswerReader reader = new AnswerReader();
        private final LineChannel channel = new LineChannel();
        private @Nullable Update update;
        private int place;
        private long sentNanos;

        Line(Lane lane) {
            this.lane = lane;
        }

        void send(Update next, long now) {
            update = next;
            sentNanos = now;
            reader.reset();
            Selector selector = lane.selector;
            if (selector == null) {
                throw new IllegalStateException("The load does not run");
            }
            try {
                channel.send(lane.node, lane.head, next.request.body(), selector, this);
            } catch (IOException e) {
                fail(now);
            }
        }

        void ready(SelectionKey key) {
            if (!key.isValid() || !channel.is(key.channel())) {
                return;
            }
            try {
                channel.goOn(key);
                if (key.isReadable()) {
                    read();
                }
            } catch (IOException e) {
                fail(System.nanoTime());
            }
        }

        private void read() throws IOException {
            in.clear();
            int bytes = channel.read(in);
            in.flip();
            Update current = update;
            if (bytes < 0 || current == null) {
                throw new IOException("the node closed the connection");
            }
            if (!reader.take(in)) {
                return;
            }
            update = null;
            lane.leave(this);
            if (reader.isClosing()) {
                close();
            } else {
                lane.idle.add(this);
            }
            answered(current, reader, lane, System.nanoTime());
        }

        void fail(long now) {
            boolean connected = channel.isConnected();
            boolean written = channel.hasWritten();
            close();
            if (!connected) {
                lane.avoidUntilNanos = now + AVOID_NANOS;
            }
            Update current = update;
            if (current == null) {
                lane.idle.remove(this);
                return;
            }
            update = null;
            lane.leave(this);
            failed(current, lane, written, now);
        }

        void close() {
            channel.close();
        }
    }
}
