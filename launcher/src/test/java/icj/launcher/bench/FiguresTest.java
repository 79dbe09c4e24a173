package icj.launcher.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import icj.launcher.network.Json;

import org.junit.jupiter.api.Test;

import java.util.List;

final class FiguresTest {
    private static Figures run(double milliseconds, long count) {
        return new Figures().number("p50_ms", milliseconds).count("sent", count);
    }

    @Test
    void mediansAreTakenFigureByFigure() {
        Figures medians =
                Figures.medians(List.of(run(3, 10), run(1, 30), run(Double.NaN, 20), run(9, 40)));
        assertEquals("{p50_ms=3.0, sent=20}", medians.values().toString());
    }

    @Test
    void whatNoRunKnowsStaysUnknown() {
        Figures medians = Figures.medians(List.of(run(Double.NaN, 1), run(Double.NaN, 1)));
        assertEquals("{p50_ms=null, sent=1}", medians.values().toString());
    }

    /// A lost update in one of three runs is a lost update.
    @Test
    void ofWhatMustNotHappenTheWorstIsTold() {
        Figures runs =
                Figures.medians(
                        List.of(
                                new Figures().count("lost", 0).count("refused_429", 9),
                                new Figures().count("lost", 12).count("refused_429", 1),
                                new Figures().count("lost", 0).count("refused_429", 5)));
        assertEquals("{lost=12, refused_429=5}", runs.values().toString());
    }

    @Test
    void numbersKeepThreeDigits() {
        Figures figures =
                new Figures().number("a", 1234.567).number("b", 1.2345).number("c", 0.01239);
        assertEquals("{a=1234.6, b=1.23, c=0.012}", figures.values().toString());
    }

    @Test
    void aReportIsOneFlatObjectInOrder() {
        Report report = new Report("latency", "a machine", "2026-01-01", "4+1", "abc", run(2, 7));
        assertEquals(
                "{\"name\":\"latency\",\"machine\":\"a machine\",\"date\":\"2026-01-01\","
                        + "\"nodes\":\"4+1\",\"commit\":\"abc\",\"p50_ms\":2.0,\"sent\":7}",
                Json.line(report.json()));
        assertEquals(
                "### latency\n\n| figure | value |\n|---|---:|\n| p50_ms | 2.0 |\n| sent | 7 |\n",
                report.markdown());
    }
}
