package icj.replica.record;

import icj.candid.Principal;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.SubnetId;
import icj.wire.ByteReader;
import icj.wire.ByteWriter;
import icj.wire.MalformedException;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file of batches: frames of a length in 4 bytes and as many bytes. The first frame is the
/// header: the text `icj-batches`, the format u32, the network id 32, the subnet id blob. The
/// others are entries ([BatchEntry]).
public final class RecordFile implements AutoCloseable {
    /// The format that this program writes and reads.
    public static final int FORMAT = 1;

    private static final String MAGIC = "icj-batches";
    private static final int FRAME_BYTES_MAX = 1 << 28;

    private final DataInputStream in;
    private final SubnetId subnet;

    private RecordFile(DataInputStream in, SubnetId subnet) {
        this.in = in;
        this.subnet = subnet;
    }

    /// Opens a record to read it from its beginning.
    ///
    /// @param network that it must be of
    /// @throws MalformedException when it is of another network or format, or no record at all
    public static RecordFile open(Path path, Digest network)
            throws IOException, MalformedException {
        DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(path), 1 << 16));
        try {
            Blob header = next(in);
            if (header == null) {
                throw new MalformedException(path + " is empty");
            }
            return new RecordFile(in, subnet(header, network, path));
        } catch (IOException | MalformedException e) {
            in.close();
            throw e;
        }
    }

    private static SubnetId subnet(Blob header, Digest network, Path path)
            throws MalformedException {
        ByteReader in = new ByteReader(header);
        if (!in.text(MAGIC.length()).equals(MAGIC)) {
            throw new MalformedException(path + " is no record of batches");
        }
        int format = in.u32();
        if (format != FORMAT) {
            throw new MalformedException(
                    path + " has format " + format + ", this program reads format " + FORMAT);
        }
        Digest found = in.digest();
        if (!found.equals(network)) {
            throw new MalformedException(
                    path + " is of network " + found + ", the genesis file of " + network);
        }
        return new SubnetId(Principal.of(in.blob(Principal.LENGTH_MAX).toBytes()));
    }

    /// The subnet whose batches these are.
    public SubnetId subnet() {
        return subnet;
    }

    /// The next entry, or null at the end; an incomplete one at the end is none.
    public @Nullable BatchEntry next() throws IOException, MalformedException {
        Blob frame = next(in);
        return frame == null ? null : BatchEntry.decode(frame);
    }

    private static @Nullable Blob next(DataInputStream in) throws IOException, MalformedException {
        try {
            int length = in.readInt();
            if (length < 0 || length > FRAME_BYTES_MAX) {
                throw new MalformedException("A frame of " + length + " bytes");
            }
            byte[] bytes = in.readNBytes(length);
            return bytes.length < length ? null : Blob.owning(bytes);
        } catch (EOFException e) {
            return null;
        }
    }

    static Blob header(Digest network, SubnetId subnet) {
        return new ByteWriter()
                .text(MAGIC)
                .u32(FORMAT)
                .digest(network)
                .blob(subnet.principal().toBytes())
                .toBlob();
    }

    static byte[] frame(Blob bytes) {
        return new ByteWriter(bytes.length() + 4).blob(bytes).toBytes();
    }

    /// Where the last complete frame of a file ends; 0 when not even the header is complete.
    ///
    /// @throws IOException when the header is complete and another one
    static long end(FileChannel file, Blob header) throws IOException {
        long size = file.size();
        byte[] wanted = frame(header);
        if (size < wanted.length) {
            return 0;
        }
        ByteBuffer found = read(file, 0, wanted.length);
        if (!found.equals(ByteBuffer.wrap(wanted))) {
            throw new IOException("The record of batches is of another subnet or format");
        }
        long end = wanted.length;
        while (end + 4 <= size) {
            long next = end + 4 + Integer.toUnsignedLong(read(file, end, 4).getInt());
            if (next > size) {
                break;
            }
            end = next;
        }
        return end;
    }

    private static ByteBuffer read(FileChannel file, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, from + bytes.position()) < 0) {
                throw new EOFException("The record of batches shrinks");
            }
        }
        return bytes.flip();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
