package icj.crypto.provider;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The native library of the Corretto provider, unpacked once. The provider by itself unpacks its
/// 10 MB at each start of a process, into a new file; or it takes the library that the JVM finds in
/// `java.library.path`. So a process that is started with the folder of this class there, and with
/// `icj.native.dir`, unpacks only what is missing. Any other process is served as ever.
public final class CorrettoLibrary {
    private static final NativeLibrary.Content LINUX_X64 =
            new NativeLibrary.Content(
                    "/com/amazon/corretto/crypto/provider/libamazonCorrettoCryptoProvider.so",
                    "dbe70fff6ae4f4f5a46ff0438530901253f6dd5c6692dc0e44181d69d61f1da4",
                    0x28c11f64L);
    private static final String FILE_NAME = "libamazonCorrettoCryptoProvider.so";
    private static final String USE_UNPACKED = "com.amazon.corretto.crypto.provider.useExternalLib";

    private CorrettoLibrary() {}

    /// The value of `java.library.path` for a process with this directory of native libraries.
    public static Path folder(Path nativeCache) {
        return nativeCache.resolve("corretto-" + LINUX_X64.mark());
    }

    /// Before the provider is loaded: unpacks its library where this process was told to take it
    /// from. Whether it was, and the provider will use it.
    static boolean prepare() {
        String directory = System.getProperty(NativeLibrary.DIRECTORY_PROPERTY, "");
        Path folder = folder(Path.of(directory));
        if (directory.isEmpty()
                || !folder.toString().equals(System.getProperty("java.library.path", ""))
                || System.getProperty(USE_UNPACKED) != null) {
            return false;
        }
        try {
            unpack(folder);
        } catch (IOException e) {
            // The provider unpacks for itself, in the temporary directory.
            return false;
        }
        System.setProperty(USE_UNPACKED, "true");
        return true;
    }

    static Path unpack(Path folder) throws IOException {
        Files.createDirectories(folder);
        return NativeLibrary.unpack(LINUX_X64, folder.resolve(FILE_NAME));
    }
}
