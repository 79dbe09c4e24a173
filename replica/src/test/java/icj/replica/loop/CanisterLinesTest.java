package icj.replica.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class CanisterLinesTest {
    @Test
    void aCanisterWritesOneLineAndNothingThatSteersATerminal() {
        assertEquals("hello, \u00fcber", CanisterLines.clean("hello, \u00fcber"));
        assertEquals(
                "a\\n2026-11-22T10:00:00.000Z INFO forged",
                CanisterLines.clean("a\n2026-11-22T10:00:00.000Z INFO forged"));
        assertEquals("\\u001b[31mred\\u000d", CanisterLines.clean("\u001b[31mred\r"));
        assertEquals("\\u009b2J", CanisterLines.clean("\u009b2J"), "the one-byte form as well");
    }
}
