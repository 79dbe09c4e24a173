package icj.launcher.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.launcher.network.NetworkDirectory;
import icj.launcher.network.NetworkFile;
import icj.launcher.network.NodeNames;
import icj.testing.Golden;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What people see of a network: the banner and the status line.
final class BannerTest {
    private static final String WHO =
            "default 4hmuw-tzmlw-ag4j7-o3lei-wn5zb-fuvga-5wjf3-cb6hx-2dg3k-wexcl-eae";

    @TempDir Path root;

    @Test
    void theBannerSaysAllThatOneNeeds() {
        Golden.check("banner.txt", banner(NodeNames.of(4, 1)));
    }

    @Test
    void theBannerOfALargeNetworkIsNoLonger() {
        String banner = banner(NodeNames.of(40, 4));
        assertEquals(Banner.LINES_MAX, banner.lines().count(), banner);
        assertTrue(banner.contains("and 38 more: ic status"), banner);
    }

    @Test
    void theStatusLineTellsTheLastSeconds() {
        TreeMap<String, Double> before =
                new TreeMap<>(
                        Map.of(
                                "ic_height{stage=\"finalized\"}",
                                100.0,
                                "ic_execution_updates_total",
                                50.0,
                                "ic_finality_seconds_bucket{le=\"0.01\"}",
                                10.0,
                                "ic_finality_seconds_bucket{le=\"0.02\"}",
                                10.0,
                                "ic_finality_seconds_bucket{le=\"+Inf\"}",
                                10.0));
        TreeMap<String, Double> now =
                new TreeMap<>(
                        Map.of(
                                "ic_height{stage=\"finalized\"}",
                                120.0,
                                "ic_height{stage=\"certified\"}",
                                119.0,
                                "ic_execution_updates_total",
                                650.0,
                                "ic_finality_seconds_bucket{le=\"0.01\"}",
                                10.0,
                                "ic_finality_seconds_bucket{le=\"0.02\"}",
                                30.0,
                                "ic_finality_seconds_bucket{le=\"+Inf\"}",
                                30.0));
        assertEquals(
                " | height 120 (certified 119) | 10.0 blocks/s | finality p50 15 ms"
                        + " | 300.0 updates/s",
                StatusLine.figures(
                        new NodeMetrics(2_000_000_000L, now), new NodeMetrics(0, before)));
        NodeMetrics first = new NodeMetrics(0, now);
        assertTrue(StatusLine.figures(first, first).contains("finality p50 -"));
    }

    private String banner(List<String> names) {
        List<NetworkFile.Node> nodes = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            nodes.add(
                    new NetworkFile.Node(
                            "id-" + i,
                            names.get(i),
                            "subnet",
                            "http://127.0.0.1:" + (4943 + i),
                            "127.0.0.1:6000",
                            "http://127.0.0.1:7000",
                            1L,
                            "log"));
        }
        NetworkDirectory directory = new NetworkDirectory(root, "local");
        new NetworkFile(
                        NetworkFile.VERSION,
                        "local",
                        NetworkFile.RUNNING,
                        1L,
                        "308182301d060d2b0601040182dc7c0503010201060c2b0601040182dc7c0503020103610",
                        "5v3p4-iyaaa-aaaaa-qaaaa-cai",
                        List.of(),
                        nodes)
                .write(directory.networkFile());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Banner.print(
                Ic.printingTo(new PrintStream(out, true, StandardCharsets.UTF_8)),
                directory,
                3.14,
                WHO);
        return out.toString(StandardCharsets.UTF_8).replace(root.toString(), "STATE");
    }
}
