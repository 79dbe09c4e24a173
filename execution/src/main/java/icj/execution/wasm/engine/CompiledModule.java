package icj.execution.wasm.engine;

import icj.types.Digest;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// The outcome of compiling one module: what the class cache keeps and what the compiler process
/// hands back. Its bytes end with their own SHA-256, which is checked before a class is defined.
///
/// @param shell the rewritten module with bodies that do nothing, quick to parse again
/// @param mainClass the binary name of the class that makes machines
/// @param classes class files by binary name
/// @param addedImports functions that the rewriter added
/// @param instructions of the original's code section
/// @param freshTables whether each message needs an instance of its own
/// @param refusal why the module can't be compiled, or null; then all else is empty
record CompiledModule(
        byte[] shell,
        String mainClass,
        Map<String, byte[]> classes,
        int addedImports,
        long instructions,
        boolean freshTables,
        @Nullable String refusal) {
    private static final int MAGIC = 0x49434a43;

    static CompiledModule refused(String why) {
        return new CompiledModule(new byte[0], "", Map.of(), 0, 0, false, why);
    }

    long codeBytes() {
        long bytes = 0;
        for (byte[] code : classes.values()) {
            bytes += code.length;
        }
        return bytes;
    }

    InputStream shellStream() {
        return new ByteArrayInputStream(shell);
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeUTF(refusal == null ? "" : refusal);
            out.writeInt(addedImports);
            out.writeLong(instructions);
            out.writeBoolean(freshTables);
            out.writeUTF(mainClass);
            write(out, shell);
            out.writeInt(classes.size());
            for (Map.Entry<String, byte[]> entry : classes.entrySet()) {
                out.writeUTF(entry.getKey());
                write(out, entry.getValue());
            }
            out.write(sha256(bytes.toByteArray(), bytes.size()));
        } catch (IOException e) {
            throw Traps.violation("Writing to an array does not fail", e);
        }
        return bytes.toByteArray();
    }

    /// Reads what [#encode] wrote.
    ///
    /// @throws IOException if the bytes are damaged
    static CompiledModule decode(byte[] bytes) throws IOException {
        int size = bytes.length - Digest.LENGTH;
        if (size < 0
                || !MessageDigest.isEqual(
                        sha256(bytes, size), Arrays.copyOfRange(bytes, size, bytes.length))) {
            throw new IOException("A file of the class cache is damaged");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, size));
        if (in.readInt() != MAGIC) {
            throw new IOException("A file of the class cache has another format");
        }
        String refusal = in.readUTF();
        int addedImports = in.readInt();
        long instructions = in.readLong();
        boolean freshTables = in.readBoolean();
        String mainClass = in.readUTF();
        byte[] shell = read(in);
        int count = in.readInt();
        Map<String, byte[]> classes = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            classes.put(in.readUTF(), read(in));
        }
        return new CompiledModule(
                shell,
                mainClass,
                classes,
                addedImports,
                instructions,
                freshTables,
                refusal.isEmpty() ? null : refusal);
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] read(DataInputStream in) throws IOException {
        int size = in.readInt();
        if (size < 0 || size > in.available()) {
            throw new IOException("A file of the class cache is damaged");
        }
        return in.readNBytes(size);
    }

    static byte[] sha256(byte[] bytes, int size) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, 0, size);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw Traps.violation("Every JVM has SHA-256", e);
        }
    }
}
