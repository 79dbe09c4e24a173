package icj.state.model;

import icj.types.Blob;
import icj.wire.ByteReader;
import icj.wire.ByteWriter;
import icj.wire.MalformedException;

import java.util.ArrayList;
import java.util.List;

/// The newest lines that a canister printed in replicated executions, 4 KiB of them with their
/// overhead.
public final class CanisterLog extends HashedPart {
    /// Bytes of content and overhead that are kept.
    public static final int BYTES_MAX = 4096;

    /// Nothing printed yet.
    public static final CanisterLog EMPTY = new CanisterLog(0, List.of());

    private static final int RECORD_OVERHEAD = 24;

    private final long nextIndex;
    private final List<Line> lines;

    private CanisterLog(long nextIndex, List<Line> lines) {
        this.nextIndex = nextIndex;
        this.lines = lines;
    }

    /// One line.
    ///
    /// @param index rises by one a line, over upgrades too
    /// @param time nanoseconds since 1970
    public record Line(long index, long time, Blob content) {}

    /// The kept lines, oldest first.
    public List<Line> lines() {
        return lines;
    }

    /// The log with more lines; each is cut to what can be kept, the oldest go.
    ///
    /// @param dropped lines that were printed before these and are gone already; they count in the
    ///   index
    public CanisterLog with(long time, long dropped, List<Blob> printed) {
        if (printed.isEmpty()) {
            return this;
        }
        List<Line> next = new ArrayList<>(lines);
        long index = nextIndex + dropped;
        for (Blob content : printed) {
            int kept = Math.min(content.length(), BYTES_MAX - RECORD_OVERHEAD);
            next.add(new Line(index++, time, content.slice(0, kept)));
        }
        int bytes = 0;
        int first = next.size();
        while (first > 0) {
            bytes += RECORD_OVERHEAD + next.get(first - 1).content().length();
            if (bytes > BYTES_MAX) {
                break;
            }
            first--;
        }
        return new CanisterLog(index, List.copyOf(next.subList(first, next.size())));
    }

    /// The log without lines; the index goes on.
    public CanisterLog purged() {
        return lines.isEmpty() ? this : new CanisterLog(nextIndex, List.of());
    }

    @Override
    protected void encode(ByteWriter out) {
        out.u64(nextIndex);
        out.u32(lines.size());
        for (Line line : lines) {
            out.u64(line.index());
            out.u64(line.time());
            out.blob(line.content());
        }
    }

    static CanisterLog decode(ByteReader in) throws MalformedException {
        long nextIndex = in.u64();
        int count = in.count(BYTES_MAX, 20);
        List<Line> lines = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            lines.add(new Line(in.u64(), in.u64(), Codec.blob(in)));
        }
        return new CanisterLog(nextIndex, List.copyOf(lines));
    }
}
