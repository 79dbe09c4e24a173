package icj.execution.wasm.engine;

import icj.execution.wasm.InvalidModuleException;
import icj.execution.wasm.binary.ModuleLimits;
import icj.types.Blob;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/// Unpacks gzip, which uploaded modules may be, within the limit of a module's size.
final class Unpacking {
    private Unpacking() {}

    /// The binary module in what was uploaded; the upload itself if it is not packed.
    static byte[] unpack(Blob upload) throws InvalidModuleException {
        if (upload.length() < 3
                || (upload.at(0) & 0xff) != 0x1f
                || (upload.at(1) & 0xff) != 0x8b
                || upload.at(2) != 8) {
            return upload.shared();
        }
        try {
            // Counted first, so that a bomb takes no memory.
            byte[] bytes = new byte[size(upload)];
            try (InputStream in = open(upload)) {
                int read = in.readNBytes(bytes, 0, bytes.length);
                if (read != bytes.length) {
                    throw new IOException("The same data have another size");
                }
            }
            return bytes;
        } catch (IOException e) {
            // The library's own text is no part of the interface; this one is certified.
            throw new InvalidModuleException(
                    "The gzip data is damaged and can't be unpacked: pack and upload it again");
        }
    }

    private static InputStream open(Blob upload) throws IOException {
        return new GZIPInputStream(new ByteArrayInputStream(upload.shared()), 16 << 10);
    }

    private static int size(Blob upload) throws IOException, InvalidModuleException {
        byte[] part = new byte[16 << 10];
        long total = 0;
        try (InputStream in = open(upload)) {
            int read = in.read(part);
            while (read >= 0) {
                total += read;
                if (total > ModuleLimits.MODULE_BYTES_MAX) {
                    throw new InvalidModuleException(
                            "The unpacked module has more than the allowed "
                                    + ModuleLimits.MODULE_BYTES_MAX
                                    + " bytes");
                }
                read = in.read(part);
            }
        }
        return (int) total;
    }
}
