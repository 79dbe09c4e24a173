package icj.launcher.project;

import icj.launcher.Failure;
import icj.launcher.Problem;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// A canister's module as a file: raw or compressed by gzip. Only its outermost structure is read.
///
/// @param sent the bytes to send
/// @param wasm the bytes without compression
public record ModuleFile(byte[] sent, byte[] wasm) {
    /// What nodes take, unpacked (docs/LIMITS.md).
    private static final int BYTES_MAX = 64 << 20;

    /// Beyond this a raw module is compressed, so that it fits one call where possible.
    private static final int RAW_BYTES_MAX = 1_800_000;

    private static final byte[] MAGIC = {0, 'a', 's', 'm', 1, 0, 0, 0};
    private static final String PERSISTENCE = "enhanced-orthogonal-persistence";

    /// Reads a module.
    public static ModuleFile read(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new Failure(
                    Problem.MODULE_FILE,
                    file + " can't be read",
                    "Build the module first, or name the right file");
        }
        try {
            boolean compressed =
                    bytes.length > 2 && (bytes[0] & 0xff) == 0x1f && (bytes[1] & 0xff) == 0x8b;
            byte[] wasm = compressed ? unpack(bytes) : bytes;
            if (wasm.length > BYTES_MAX) {
                throw new IOException("it has more than 64 MiB");
            }
            if (wasm.length < MAGIC.length
                    || !Arrays.equals(wasm, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
                throw new IOException("it is no WebAssembly module");
            }
            boolean pack = !compressed && wasm.length > RAW_BYTES_MAX;
            return new ModuleFile(pack ? pack(wasm) : bytes, wasm);
        } catch (IOException e) {
            throw new Failure(
                    Problem.MODULE_FILE,
                    file + " can't be deployed: " + e.getMessage(),
                    "Give a file in the binary format of WebAssembly, of at most 64 MiB, raw or"
                            + " compressed by gzip");
        }
    }

    /// Whether the module keeps its heap over upgrades, as Motoko does since 2025.
    public boolean keepsHeap() {
        return metadata(PERSISTENCE) != null;
    }

    /// The interface in the module, public or private; null when it has none.
    public @Nullable String candidService() {
        return metadata("candid:service");
    }

    /// The types of the installation's arguments as text, as `(nat, text)`; null when the module
    /// doesn't say.
    public @Nullable String candidArguments() {
        return metadata("candid:args");
    }

    private @Nullable String metadata(String name) {
        byte[] section = section("icp:public " + name);
        if (section == null) {
            section = section("icp:private " + name);
        }
        return section == null ? null : new String(section, StandardCharsets.UTF_8);
    }

    private byte @Nullable [] section(String name) {
        int at = MAGIC.length;
        while (at < wasm.length) {
            int id = wasm[at++];
            long[] length = unsigned(at);
            at = (int) length[1];
            long end = at + length[0];
            if (end > wasm.length) {
                return null;
            }
            if (id == 0) {
                long[] nameLength = unsigned(at);
                int from = (int) nameLength[1];
                long to = from + nameLength[0];
                if (to <= end
                        && name.equals(
                                new String(
                                        wasm, from, (int) (to - from), StandardCharsets.UTF_8))) {
                    return Arrays.copyOfRange(wasm, (int) to, (int) end);
                }
            }
            at = (int) end;
        }
        return null;
    }

    /// An unsigned number in LEB128 and where it ends; a torn one ends the module.
    private long[] unsigned(int from) {
        long value = 0;
        int at = from;
        for (int shift = 0; shift < 35 && at < wasm.length; shift += 7) {
            int part = wasm[at++];
            value |= (long) (part & 0x7f) << shift;
            if (part >= 0) {
                return new long[] {value, at};
            }
        }
        return new long[] {Integer.MAX_VALUE, wasm.length};
    }

    private static byte[] unpack(byte[] bytes) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return in.readNBytes(BYTES_MAX + 1);
        }
    }

    private static byte[] pack(byte[] wasm) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(wasm);
        }
        return out.toByteArray();
    }
}
