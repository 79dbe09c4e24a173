package icj.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The page of `examples/browser` in a real browser, served from a port that is not a node's: it
/// may ask nodes, shows what certificates prove, and changes a canister. Where Chromium is missing
/// it is not run and says so.
@Tag("e2e")
@Tag("node")
@Tag("browser")
final class BrowserIT {
    private static final Npm PAGE =
            new Npm(
                    Network.ROOT.resolve("examples/browser"),
                    Network.ROOT.resolve("testing/e2e/target/browser"),
                    List.of(
                            "package.json",
                            "package-lock.json",
                            ".npmrc",
                            "page.js",
                            "public/index.html"));

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    @Test
    @Timeout(300)
    void aPageFromAnotherPortReadsProvesAndChanges() throws Exception {
        Path program = Browser.find();
        if (program == null) {
            System.out.println("NOT RUN: the page in a browser (no Chromium)");
        }
        assumeTrue(program != null, "no Chromium");
        assumeTrue(Npm.isPresent("the page in a browser"), "no Node");
        PAGE.install();
        Shell.run(
                        PAGE.folder(),
                        Map.of(),
                        Duration.ofMinutes(2),
                        List.of("npm", "run", "--silent", "build"))
                .expect(0);
        Path pages = PAGE.folder().resolve("public");
        try (Network network = Network.start(home, 1, 1)) {
            network.deploy("examples/counter");
            network.deploy("examples/certified");
            network.ic("call", "certified", "set", "(\"green\")").expect(0);
            for (String file : List.of("network.json", "canisters.json")) {
                Files.copy(
                        network.directory().resolve(file),
                        pages.resolve(file),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            HttpServer server =
                    SimpleFileServer.createFileServer(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            pages.toAbsolutePath(),
                            SimpleFileServer.OutputLevel.NONE);
            server.start();
            URI page = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
            try (Browser browser = Browser.show(program, home.resolve("profile"), page)) {
                look(browser);
            } finally {
                server.stop(0);
            }
        }
    }

    private static void look(Browser browser) throws Exception {
        String ended = "!document.getElementById('inc')?.disabled && document.readyState";
        String failed = "'failed: ' + document.getElementById('failed').textContent";
        browser.await("document.getElementById('inc') && " + ended);
        assertEquals("failed: ", browser.await(failed));
        assertEquals("0", browser.await("document.getElementById('count').textContent"));
        assertEquals(
                "green (proved)",
                browser.await("document.getElementById('certified').textContent"));
        browser.run("document.getElementById('inc').click()");
        assertEquals(
                "1",
                browser.await(
                        "document.getElementById('said').textContent.includes('certified') &&"
                                + " document.getElementById('count').textContent"));
        assertEquals("failed: ", browser.await(failed));
        browser.screenshot(PAGE.folder().resolve("page.png"));
    }
}
