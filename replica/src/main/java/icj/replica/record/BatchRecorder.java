package icj.replica.record;

import icj.state.model.ReplicatedState;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.SubnetId;
import icj.types.message.Batch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Appends each executed batch to a file, one write for each, not synced: a record is a diagnostic
/// and nothing depends on it. After a restart batches may stand in it twice, since the node
/// executes again what its state store had not written; a replay compares them.
public final class BatchRecorder implements AutoCloseable {
    private final FileChannel file;

    private BatchRecorder(FileChannel file) {
        this.file = file;
    }

    /// Opens the file to append to it, or makes it; an entry that a crash left incomplete at its
    /// end is cut off.
    ///
    /// @throws IOException when it can't be written, or is the record of something else
    public static BatchRecorder open(Path path, Digest network, SubnetId subnet)
            throws IOException {
        FileChannel file =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            Blob header = RecordFile.header(network, subnet);
            long end = RecordFile.end(file, header);
            file.truncate(end);
            file.position(end);
            BatchRecorder recorder = new BatchRecorder(file);
            if (end == 0) {
                recorder.append(header);
            }
            return recorder;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /// Appends one batch.
    public void executed(
            ReplicatedState before, Batch batch, ReplicatedState after, Digest treeRoot) {
        try {
            append(BatchEntry.of(before, batch, after, treeRoot).encode());
        } catch (IOException e) {
            throw new UncheckedIOException("The record of batches can't be written", e);
        }
    }

    private void append(Blob frame) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(RecordFile.frame(frame));
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
