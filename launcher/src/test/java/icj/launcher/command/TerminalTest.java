package icj.launcher.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;

final class TerminalTest {
    private static final PrintStream PIPE = new PrintStream(new ByteArrayOutputStream());

    @Test
    void aPipeIsNoTerminal() {
        Terminal pipe = Terminal.of(PIPE, PIPE, Map.of("TERM", "xterm"));
        assertFalse(pipe.out() || pipe.err());
        assertEquals("x", pipe.out(Terminal.Style.RED, "x"));
    }

    @Test
    void coloursAreOffWhenTheEnvironmentSaysSo() {
        assertTrue(Terminal.of(PIPE, PIPE, Map.of("TERM", "xterm")).colours());
        assertTrue(Terminal.of(PIPE, PIPE, Map.of("NO_COLOR", "")).colours(), "set, but empty");
        assertFalse(Terminal.of(PIPE, PIPE, Map.of("NO_COLOR", "0")).colours());
        assertFalse(Terminal.of(PIPE, PIPE, Map.of("TERM", "dumb")).colours());
    }

    @Test
    void eachStreamIsColouredByItself() {
        Terminal terminal = new Terminal(true, false, true, true);
        assertEquals("\u001b[31mx\u001b[0m", terminal.out(Terminal.Style.RED, "x"));
        assertEquals("x", terminal.err(Terminal.Style.RED, "x"));
        assertEquals("x", terminal.withoutColours().out(Terminal.Style.RED, "x"));
    }
}
