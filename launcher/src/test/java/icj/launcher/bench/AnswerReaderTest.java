package icj.launcher.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

final class AnswerReaderTest {
    private final AnswerReader reader = new AnswerReader();

    private boolean take(String text) throws IOException {
        return reader.take(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private String body() {
        return new String(reader.body(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void anAnswerInOnePiece() throws IOException {
        assertTrue(take("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"));
        assertEquals(200, reader.status());
        assertEquals("abc", body());
        assertFalse(reader.isClosing());
    }

    @Test
    void anAnswerByteByByte() throws IOException {
        String text = "HTTP/1.1 429 Slow\r\ncontent-length: 2\r\nRETRY-AFTER: 3\r\n\r\nno";
        for (int i = 0; i < text.length() - 1; i++) {
            assertFalse(take(text.substring(i, i + 1)), "complete at byte " + i);
        }
        assertTrue(take("o"));
        assertEquals(429, reader.status());
        assertEquals(3, reader.retrySeconds());
        assertEquals("no", body());
    }

    @Test
    void chunksInPieces() throws IOException {
        assertFalse(take("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab"));
        assertFalse(take("cd\r\n3;x=y\r\nefg\r\n"));
        assertTrue(take("0\r\n\r\n"));
        assertEquals("abcdefg", body());
    }

    @Test
    void oneAfterTheOther() throws IOException {
        assertTrue(take("HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        assertTrue(reader.isClosing());
        reader.reset();
        assertTrue(take("HTTP/1.1 202 OK\r\nContent-Length: 0\r\n\r\n"));
        assertEquals(202, reader.status());
        assertFalse(reader.isClosing());
    }

    @Test
    void aLongAnswerGrowsTheBuffer() throws IOException {
        String text = "x".repeat(100_000);
        assertTrue(take("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + text));
        assertEquals(text, body());
    }

    @Test
    void whatIsNoAnswerIsSaidToBeNone() {
        assertThrows(IOException.class, () -> take("SSH-2.0-x\r\n\r\n"));
        reader.reset();
        assertThrows(IOException.class, () -> take("HTTP/1.1 200 OK\r\n\r\n"));
        reader.reset();
        assertThrows(IOException.class, () -> take("HTTP/1.1 ok\r\nContent-Length: 1\r\n\r\n"));
        reader.reset();
        assertThrows(
                IOException.class,
                () -> take("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"));
    }
}
