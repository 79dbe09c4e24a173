package icj.launcher.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import icj.launcher.Failure;
import icj.launcher.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

final class WaitConditionTest {
    @Test
    void conditionsAreRead() {
        assertInstanceOf(WaitCondition.Ready.class, WaitCondition.of("ready"));
        assertEquals(new WaitCondition.Height(1000), WaitCondition.of("height=1000"));
        assertEquals(new WaitCondition.Healthy(3, 4), WaitCondition.of("healthy=3/4"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "height",
                "height=",
                "height=-1",
                "healthy=3",
                "healthy=5/4",
                "healthy=0/4"
            })
    void othersAreRefused(String text) {
        Failure failure = assertThrows(Failure.class, () -> WaitCondition.of(text));
        assertEquals(Problem.WAIT_CONDITION, failure.problem());
    }

    @Test
    void theNumberOfNodesIsTheNetworks() {
        Failure failure =
                assertThrows(Failure.class, () -> new WaitCondition.Healthy(3, 4).isMet(List.of()));
        assertEquals(Problem.WAIT_CONDITION, failure.problem());
    }
}
