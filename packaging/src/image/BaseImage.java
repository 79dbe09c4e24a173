import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// Makes a base image out of what this machine has: a Java runtime of those modules that the
/// program needs, and the C library with the libraries that it and the program's native parts are
/// linked against. No shell, no package manager, no network.
///
/// Usage: `java BaseImage.java WORK_FOLDER LIB_FOLDER`; writes `WORK_FOLDER/base.tar` in the form
/// of `docker save`.
final class BaseImage {
    /// What jdeps says of the libraries, and what they look up by name: certificates, the compiler
    /// of canisters' memory limits, file systems in jars, tools to look into a node.
    private static final String MODULES =
            "java.base,java.desktop,java.logging,java.management,java.naming,java.net.http,java.sql,"
                + "jdk.crypto.ec,jdk.jcmd,jdk.jfr,jdk.management,jdk.unsupported,jdk.zipfs";

    private static final Map<String, String> ARCHITECTURES =
            new TreeMap<>(Map.of("amd64", "amd64", "aarch64", "arm64"));

    /// As `ldd` prints it: `libm.so.6 => /lib/.../libm.so.6 (0x...)` or the loader's path alone.
    private static final Pattern LINKED = Pattern.compile("(?:=> |^\\s*)(/\\S+) \\(0x");

    private static final long EPOCH_SECONDS = 1_767_225_600; // As the build's output timestamp.

    private final Path work;
    private final Path root;

    private BaseImage(Path work) {
        this.work = work;
        this.root = work.resolve("root");
    }

    public static void main(String[] arguments) throws Exception {
        Path work = Path.of(arguments[0]);
        Path libraries = Path.of(arguments[1]);
        if (arguments[2].equals("tar://" + work.resolve("base.tar"))) {
            new BaseImage(work).make(libraries);
        }
    }

    private void make(Path libraries) throws Exception {
        String architecture = ARCHITECTURES.get(System.getProperty("os.arch"));
        boolean glibc =
                Files.exists(Path.of("/lib64/ld-linux-x86-64.so.2"))
                        || Files.exists(Path.of("/lib/ld-linux-aarch64.so.1"));
        if (!glibc || architecture == null) {
            throw new IOException(
                    "A base image is made of the C library of this machine, which must be Linux"
                            + " with glibc on x86-64 or arm64: name another with -Doci.base=IMAGE");
        }
        Files.createDirectories(work);
        remove(root);
        link();
        copyLibraries(libraries);
        writeSystem();
        pack(architecture);
        remove(root);
    }

    private void link() throws IOException {
        ToolProvider jlink =
                ToolProvider.findFirst("jlink")
                        .orElseThrow(() -> new IOException("This JDK has no jlink"));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        int exit =
                jlink.run(
                        out,
                        out,
                        "--add-modules",
                        MODULES,
                        "--strip-java-debug-attributes",
                        "--no-header-files",
                        "--no-man-pages",
                        "--output",
                        root.resolve("opt/java").toString());
        if (exit != 0) {
            throw new IOException("jlink failed: " + said.toString(StandardCharsets.UTF_8));
        }
    }

    /// The C library and its loader, and whatever else Java and the native parts are linked with.
    private void copyLibraries(Path libraries) throws Exception {
        Path natives = work.resolve("natives");
        remove(natives);
        Files.createDirectories(natives);
        unpackNatives(libraries, natives);
        TreeSet<String> wanted = new TreeSet<>();
        try (Stream<Path> java = Files.walk(root.resolve("opt/java"));
                Stream<Path> parts = Files.walk(natives)) {
            List<Path> files = new ArrayList<>();
            java.filter(f -> f.toString().endsWith(".so") || f.endsWith("bin/java"))
                    .forEach(files::add);
            parts.filter(f -> f.toString().endsWith(".so")).forEach(files::add);
            for (Path file : files) {
                Matcher matcher = LINKED.matcher("");
                for (String line : run(List.of("ldd", file.toString()), true).lines().toList()) {
                    if (matcher.reset(line).find() && !matcher.group(1).startsWith(root + "/")) {
                        wanted.add(matcher.group(1));
                    }
                }
            }
        }
        wanted.removeIf(BaseImage::isOfScreens);
        for (String library : wanted) {
            Path target = root.resolve(library.substring(1));
            Files.createDirectories(target.getParent());
            Files.copy(Path.of(library), target);
        }
        remove(natives);
    }

    /// Of the windows that java.desktop could show; its classes are wanted, not its screens.
    private static boolean isOfScreens(String library) {
        return Pattern.compile("/lib(X|x|asound|freetype|png|brotli|bz2|Xau|bsd|md\\.)")
                .matcher(library)
                .find();
    }

    private static void unpackNatives(Path libraries, Path natives) throws IOException {
        String arch = System.getProperty("os.arch");
        Pattern ours =
                Pattern.compile(
                        arch.equals("amd64")
                                ? ".*(linux64|Linux/amd64/libblst|libamazonCorretto.*)\\.so"
                                : ".*(linux-aarch64|Linux/aarch64/libblst)\\.so");
        try (Stream<Path> jars = Files.list(libraries)) {
            for (Path jar : jars.filter(j -> j.toString().endsWith(".jar")).sorted().toList()) {
                try (InputStream in = Files.newInputStream(jar);
                        ZipInputStream zip = new ZipInputStream(in)) {
                    for (ZipEntry entry = zip.getNextEntry();
                            entry != null;
                            entry = zip.getNextEntry()) {
                        if (ours.matcher(entry.getName()).matches()) {
                            Path name = Path.of(entry.getName()).getFileName();
                            Files.write(natives.resolve(name), zip.readAllBytes());
                        }
                    }
                }
            }
        }
    }

    /// What programs expect of a system. User 1000 owns `/data`.
    private void writeSystem() throws IOException {
        for (String folder : List.of("dev", "etc", "proc", "sys", "tmp", "data")) {
            Files.createDirectories(root.resolve(folder));
        }
        Files.writeString(
                root.resolve("etc/passwd"),
                "root:x:0:0:root:/root:/sbin/nologin\nic:x:1000:1000::/data:/sbin/nologin\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\nic:x:1000:\n");
        Files.writeString(root.resolve("etc/nsswitch.conf"), "hosts: files dns\n");
    }

    private void pack(String architecture) throws Exception {
        Path layers = work.resolve("base");
        remove(layers);
        Files.createDirectories(layers);
        Path layer = layers.resolve("layer.tar");
        run(
                List.of(
                        "sh",
                        "-euc",
                        """
                        chmod 1777 "$1/tmp"
                        tar --sort=name --mtime=@%1$d --numeric-owner --format=gnu \\
                            --owner=0 --group=0 --exclude=./data -cf "$2" -C "$1" .
                        tar --mtime=@%1$d --numeric-owner --format=gnu \\
                            --owner=1000 --group=1000 --mode=0700 -rf "$2" -C "$1" ./data
                        """
                                .formatted(EPOCH_SECONDS),
                        "sh",
                        root.toString(),
                        layer.toString()),
                false);
        String id;
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = Files.newInputStream(layer)) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            id = HexFormat.of().formatHex(digest.digest());
        }
        Files.writeString(
                layers.resolve("config.json"),
                """
                {"architecture":"%s","os":"linux","created":"2026-01-01T00:00:00Z",\
                "config":{"Env":["PATH=/opt/java/bin","JAVA_HOME=/opt/java"]},\
                "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}
                """
                        .formatted(architecture, id));
        Files.writeString(
                layers.resolve("manifest.json"),
                """
                [{"Config":"config.json","RepoTags":["icj-base:latest"],"Layers":["layer.tar"]}]
                """);
        run(
                List.of(
                        "tar",
                        "-cf",
                        work.resolve("base.tar").toString(),
                        "-C",
                        layers.toString(),
                        "manifest.json",
                        "config.json",
                        "layer.tar"),
                false);
        remove(layers);
    }

    private static String run(List<String> command, boolean mayFail) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0 && !mayFail) {
            throw new IOException(command.getFirst() + " failed: " + said);
        }
        return said;
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
