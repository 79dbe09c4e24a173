package icj.launcher.supervise;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The flags of the JVMs that this program starts, written out since Java's defaults depend on the
/// machine. Those of the command itself are in `./ic`.
public final class JvmFlags {
    /// Of a node.
    static final List<String> NODE =
            List.of(
                    // A later JDK may have dropped a flag below: then it is slower, not broken.
                    "-XX:+IgnoreUnrecognizedVMOptions",
                    "-Xms48m",
                    "-Xmx512m",
                    "-XX:+UseSerialGC",
                    // Five nodes share a laptop: new objects have the same room always, and large
                    // survivor spaces, so that few become old that die soon.
                    "-Xmn24m",
                    "-XX:SurvivorRatio=4",
                    // The node collects when the heap has grown (HeapKeeper): then all but a part
                    // goes back at once, and nothing dead stays in place.
                    "-XX:MinHeapFreeRatio=10",
                    "-XX:MaxHeapFreeRatio=20",
                    "-XX:-ShrinkHeapInSteps",
                    "-XX:MarkSweepDeadRatio=1",
                    // What the compilers freed stays with the C library else.
                    "-XX:TrimNativeHeapInterval=60000",
                    "-XX:+UseCompactObjectHeaders",
                    "-XX:ReservedCodeCacheSize=96m",
                    "-XX:MaxDirectMemorySize=128m",
                    // The second compiler waits for code that stays hot, five times its defaults,
                    // and no profile of another run calls it earlier: at a start of five nodes on
                    // two cores it took a third of all CPU, for code that runs once.
                    "-XX:Tier4InvocationThreshold=25000",
                    "-XX:Tier4MinInvocationThreshold=3000",
                    "-XX:Tier4CompileThreshold=75000",
                    "-XX:Tier4BackEdgeThreshold=200000",
                    "-XX:+UnlockDiagnosticVMOptions",
                    "-XX:-AOTReplayTraining",
                    // R-E9: compiled canisters have large methods, and the compiler's memory is
                    // bounded.
                    "-XX:-DontCompileHugeMethods",
                    "-XX:CompileCommand=quiet",
                    "-XX:CompileCommand=memlimit,*.*,256M~stop",
                    "-XX:+ExitOnOutOfMemoryError",
                    "--enable-native-access=ALL-UNNAMED");

    /// Of a supervisor that stays in the background.
    public static final List<String> SUPERVISOR =
            List.of(
                    "-XX:+IgnoreUnrecognizedVMOptions",
                    "-Xms8m",
                    "-Xmx64m",
                    "-XX:+UseSerialGC",
                    "-XX:MinHeapFreeRatio=20",
                    "-XX:MaxHeapFreeRatio=40",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:ReservedCodeCacheSize=16m",
                    "-XX:+UseCompactObjectHeaders",
                    "-XX:+UnlockDiagnosticVMOptions",
                    "-XX:-AOTReplayTraining",
                    "--enable-native-access=ALL-UNNAMED");

    private JvmFlags() {}

    /// Flags for the archive of classes that a build makes: a process then needs half of the CPU to
    /// start. The JVM ignores one that does not fit its version, flags or class path, and says so
    /// on its console.
    ///
    /// @param property the system property that names the file
    public static List<String> archive(String property) {
        String file = System.getProperty(property, "");
        return file.isEmpty() || !Files.exists(Path.of(file))
                ? List.of()
                : List.of("-XX:AOTCache=" + file);
    }
}
