package icj.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.testing.SystemTools;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The script `./ic` on machines where something is missing, with stand-ins for JDK and Maven.
@Timeout(60)
final class ScriptTest {
    private static final Path ROOT = Path.of(System.getProperty("icj.root"));

    @TempDir Path tree;

    private String output = "";

    @Test
    void withoutMavenItNamesThePackage() throws Exception {
        prepare();
        assertEquals(1, ic(Map.of("ICJ_JAVA_HOME", jdk("a", "25.0.1").toString()), "version"));
        assertTrue(output.contains("Maven is missing"), output);
        assertTrue(output.contains("apt install maven"), output);
    }

    @Test
    void aWrongJavaHomeIsSaidSo() throws Exception {
        prepare();
        assertEquals(1, ic(Map.of("ICJ_JAVA_HOME", jdk("old", "17.0.15").toString()), "version"));
        assertTrue(output.contains("is not a JDK 25 or later"), output);
    }

    @Test
    void withoutAnyJdkItNamesSome() throws Exception {
        prepare();
        // The folders where systems put JDKs are somewhere else for this once.
        Path script = tree.resolve("ic");
        Files.writeString(
                script,
                Files.readString(script)
                        .replaceAll("/(usr|opt|Library)/[^ ]*(jvm|java|jdk|JavaV)", "/nowhere/$2")
                        .replace("/usr/libexec/java_home", "/nowhere/java_home"));
        assertEquals(1, ic(Map.of("HOME", tree.toString()), "start"));
        assertEquals(
                "error: There is no JDK 25 or later on this machine\n"
                        + "  Install one (temurin-25-jdk from adoptium.net, openjdk-25-jdk, or: sdk"
                        + " install java 25-tem), or set ICJ_JAVA_HOME\n",
                output);
    }

    @Test
    void theJdkIsTakenInTheOrderOfTheReadme() throws Exception {
        prepare();
        built();
        String own = jdk("own", "26").toString();
        String home = jdk("home", "25.0.2").toString();
        String old = jdk("old", "17.0.1").toString();
        Path onPath = jdk("path", "25.0.3");
        Files.createSymbolicLink(tree.resolve("tools/java"), onPath.resolve("bin/java"));
        assertEquals(0, ic(Map.of("ICJ_JAVA_HOME", own, "JAVA_HOME", home), "version"));
        assertTrue(output.startsWith("java of own"), output);
        assertEquals(0, ic(Map.of("JAVA_HOME", home), "version"));
        assertTrue(output.startsWith("java of home"), output);
        assertEquals(0, ic(Map.of("JAVA_HOME", old), "version"));
        assertTrue(output.startsWith("java of path"), output);
    }

    @Test
    void itBuildsWhatIsMissingAndSaysWhereTheLogIs() throws Exception {
        prepare();
        tool("mvn", "mkdir -p launcher/target/dist/lib && touch " + Path.of(JAR));
        String jdk = jdk("a", "25").toString();
        assertEquals(0, ic(Map.of("ICJ_JAVA_HOME", jdk), "version"));
        assertTrue(output.contains("First run: building, about 1 minute"), output);
        assertTrue(output.contains("launcher/target/build.log"), output);
        assertTrue(output.contains("icj.launcher.Main version"), output);
        assertEquals(0, ic(Map.of("ICJ_JAVA_HOME", jdk), "version"));
        assertFalse(output.contains("building"), output);
    }

    @Test
    void aFailedBuildShowsItsErrorAndEnds() throws Exception {
        prepare();
        tool("mvn", "echo '[ERROR] no such symbol'; exit 1");
        assertEquals(1, ic(Map.of("ICJ_JAVA_HOME", jdk("a", "25").toString()), "version"));
        assertTrue(output.contains("no such symbol"), output);
        assertTrue(output.contains("error: The build failed"), output);
    }

    @Test
    void anUnpackedDistributionIsRunAsItIs() throws Exception {
        prepare();
        Files.createDirectories(tree.resolve("lib"));
        Files.createFile(tree.resolve("lib/launcher-1-cli.jar"));
        tool("mvn", "echo built; exit 1");
        assertEquals(0, ic(Map.of("ICJ_JAVA_HOME", jdk("a", "25").toString()), "status"));
        assertTrue(output.contains("icj.launcher.Main status"), output);
        assertFalse(output.contains("built"), output);
    }

    @Test
    void aBuildEndsWithTheArchivesAndAStartMakesNone() throws Exception {
        prepare();
        tool("mvn", "mkdir -p launcher/target/dist/lib && touch " + Path.of(JAR));
        String jdk = archiving("a", "for f in node.aot ic.aot; do echo 1 >$dist/$f.$PPID; done");
        assertEquals(0, ic(Map.of("ICJ_JAVA_HOME", jdk), "version"));
        assertTrue(output.contains("Preparing faster starts"), output);
        assertTrue(Files.exists(tree.resolve("launcher/target/dist/node.aot")), output);
        assertEquals(0, ic(Map.of("ICJ_JAVA_HOME", jdk), "start"));
        assertFalse(output.contains("Preparing faster starts"), output);
        assertTrue(output.contains("-XX:AOTCache="), output);
    }

    @Test
    void aTreeThatAnotherBuildWroteGetsItsArchivesAtTheFirstStart() throws Exception {
        prepare();
        built();
        String jdk = archiving("a", "for f in node.aot ic.aot; do echo 1 >$dist/$f.$PPID; done");
        assertEquals(0, ic(Map.of("ICJ_JAVA_HOME", jdk), "status"));
        assertFalse(output.contains("Preparing faster starts"), output);
        assertFalse(output.contains("-XX:AOTCache="), output);
        assertEquals(0, ic(Map.of("ICJ_JAVA_HOME", jdk), "start"));
        assertTrue(output.contains("Preparing faster starts"), output);
        assertTrue(output.contains("-XX:AOTCache="), output);
    }

    @Test
    void archivesThatCanNotBeMadeCostNothingElse() throws Exception {
        prepare();
        built();
        String jdk = archiving("a", "echo 1 >$dist/node.aot.$PPID; exit 1");
        assertEquals(0, ic(Map.of("ICJ_JAVA_HOME", jdk), "start"));
        assertTrue(output.contains("icj.launcher.Main start"), output);
        assertFalse(output.contains("-XX:AOTCache="), output);
        try (Stream<Path> left = Files.list(tree.resolve("launcher/target/dist"))) {
            assertEquals(
                    List.of(), left.filter(f -> f.toString().contains(".aot")).toList(), output);
        }
    }

    /// A JDK whose java does this when it is asked to make archives.
    private String archiving(String name, String work) throws Exception {
        Path home = jdk(name, "25");
        SystemTools.script(
                home.resolve("bin/java"),
                "dist="
                        + tree.resolve("launcher/target/dist")
                        + "; case \"$*\" in *AOTCacheOutput*) "
                        + work
                        + ";; *) echo java of "
                        + name
                        + " \"$@\";; esac");
        return home.toString();
    }

    private static final String JAR = "launcher/target/dist/lib/launcher-1-cli.jar";

    /// A tree with the script and a folder that holds no program but the usual ones.
    private void prepare() throws Exception {
        Files.copy(ROOT.resolve("ic"), tree.resolve("ic"));
        SystemTools.into(tree.resolve("tools"));
    }

    private void built() throws Exception {
        Path jar = tree.resolve(JAR);
        Files.createDirectories(jar.getParent());
        Files.createFile(jar);
    }

    /// A folder that looks like a JDK; its java prints who it is and its arguments.
    private Path jdk(String name, String version) throws Exception {
        Path home = tree.resolve("jdks").resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        for (String program : List.of("java", "javac")) {
            SystemTools.script(
                    home.resolve("bin").resolve(program), "echo java of " + name + " \"$@\"");
        }
        return home;
    }

    private void tool(String name, String text) throws Exception {
        SystemTools.script(tree.resolve("tools").resolve(name), text);
    }

    private int ic(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(tree.resolve("ic").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(new TreeMap<>(environment));
        builder.environment().put("PATH", tree.resolve("tools").toString());
        Process process = builder.start();
        process.getOutputStream().close();
        output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor();
    }
}
