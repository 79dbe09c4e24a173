package icj.state.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// How many writes of a journal were synced, in a file of its own beside it (docs/adr/0001).
///
/// A log that lost its last records looks like one whose last record was never completed: the
/// library drops the tail in both cases, and the node would forget what it signed. The mark is
/// written after each sync and before anything is sent, and not synced itself: it survives the end
/// of the process, and after a power failure it is at worst too low. So a journal below its mark
/// has lost synced writes, whatever the reason.
///
/// Layout: the number (8 bytes, big-endian), then its complement; a file that does not hold both
/// says nothing.
final class HighWaterMark implements AutoCloseable {
    private static final int BYTES = 2 * Long.BYTES;

    private final FileChannel file;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);

    private HighWaterMark(FileChannel file) {
        this.file = file;
    }

    /// Opens the mark of the journal in `directory`: the file `NAME.mark` beside it.
    static HighWaterMark of(Path directory) throws IOException {
        Path path = directory.resolveSibling(directory.getFileName() + ".mark");
        Files.createDirectories(path.toAbsolutePath().getParent());
        return new HighWaterMark(
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE));
    }

    /// The number of the last synced write, or 0 if the file does not tell.
    long read() throws IOException {
        buffer.clear();
        while (buffer.hasRemaining() && file.read(buffer, buffer.position()) >= 0) {
            continue;
        }
        buffer.flip();
        if (buffer.remaining() < BYTES) {
            return 0;
        }
        long number = buffer.getLong();
        return buffer.getLong() == ~number ? number : 0;
    }

    /// Notes the number of the last synced write.
    void write(long number) throws IOException {
        buffer.clear();
        buffer.putLong(number).putLong(~number).flip();
        while (buffer.hasRemaining()) {
            file.write(buffer, buffer.position());
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
