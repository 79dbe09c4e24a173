package icj.launcher.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// Reads the answers of one HTTP/1.1 connection, one after another: status, length or chunks, and
/// what a client must heed of the rest. Knows no more than the interface's endpoints send.
final class AnswerReader {
    /// The largest certificate that the interface allows fits well.
    private static final int BYTES_MAX = 16 * 1024 * 1024;

    private static final int FIRST_BYTES = 4_096;
    private static final long RETRY_SECONDS_MAX = 5;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;
    private int headEnd;
    private int status;
    private int contentLength;
    private boolean chunked;
    private boolean closing;
    private long retrySeconds;
    private byte[] body = new byte[0];

    AnswerReader() {
        reset();
    }

    /// Makes ready for the next answer.
    void reset() {
        length = 0;
        headEnd = -1;
        status = 0;
        contentLength = -1;
        chunked = false;
        closing = false;
        retrySeconds = 1;
        body = new byte[0];
    }

    /// Takes what has arrived; whether the answer is complete.
    ///
    /// @throws IOException when it is no answer that this class understands
    boolean take(ByteBuffer in) throws IOException {
        int more = in.remaining();
        if (length + more > BYTES_MAX) {
            throw new IOException("the answer is larger than " + BYTES_MAX + " bytes");
        }
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
        in.get(bytes, length, more);
        length += more;
        if (headEnd < 0) {
            headEnd = endOfHead();
            if (headEnd < 0) {
                return false;
            }
            readHead();
        }
        return chunked ? readChunks() : readBody();
    }

    int status() {
        return status;
    }

    /// The body of the complete answer.
    byte[] body() {
        return body;
    }

    /// Whether the server closes the connection after this answer.
    boolean isClosing() {
        return closing;
    }

    /// How long the server wants its client to wait, when it refused.
    long retrySeconds() {
        return retrySeconds;
    }

    private int endOfHead() {
        for (int i = 3; i < length; i++) {
            if (bytes[i] == '\n'
                    && bytes[i - 1] == '\r'
                    && bytes[i - 2] == '\n'
                    && bytes[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    private void readHead() throws IOException {
        String[] lines =
                new String(bytes, 0, headEnd, StandardCharsets.ISO_8859_1).split("\r\n", -1);
        String[] first = lines[0].split(" ", 3);
        if (first.length < 2 || !first[0].startsWith("HTTP/1.")) {
            throw new IOException("the answer is not HTTP/1.1");
        }
        try {
            status = Integer.parseInt(first[1]);
            for (int i = 1; i < lines.length; i++) {
                int colon = lines[i].indexOf(':');
                if (colon > 0) {
                    header(
                            lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                            lines[i].substring(colon + 1).strip());
                }
            }
        } catch (NumberFormatException e) {
            throw new IOException("the head of the answer is malformed", e);
        }
        if (!chunked && contentLength < 0) {
            throw new IOException("the answer has no length");
        }
    }

    private void header(String name, String value) {
        switch (name) {
            case "content-length" -> contentLength = Integer.parseInt(value);
            case "transfer-encoding" -> chunked = value.equalsIgnoreCase("chunked");
            case "connection" -> closing = value.equalsIgnoreCase("close");
            case "retry-after" ->
                    retrySeconds = Math.clamp(Long.parseLong(value), 0, RETRY_SECONDS_MAX);
            default -> {}
        }
    }

    private boolean readBody() {
        if (length - headEnd < contentLength) {
            return false;
        }
        body = Arrays.copyOfRange(bytes, headEnd, headEnd + contentLength);
        return true;
    }

    private boolean readChunks() throws IOException {
        byte[] whole = new byte[length - headEnd];
        int filled = 0;
        int at = headEnd;
        while (true) {
            int end = at;
            while (end < length && bytes[end] != '\n') {
                end++;
            }
            if (end >= length) {
                return false;
            }
            String line = new String(bytes, at, end - at, StandardCharsets.ISO_8859_1).strip();
            int size;
            try {
                int extension = line.indexOf(';');
                size = Integer.parseInt(extension < 0 ? line : line.substring(0, extension), 16);
            } catch (NumberFormatException e) {
                throw new IOException("a chunk of the answer is malformed", e);
            }
            at = end + 1;
            // Each chunk, also the empty last one, ends with a line break.
            if (size < 0 || length - at < size + 2) {
                return false;
            }
            System.arraycopy(bytes, at, whole, filled, size);
            filled += size;
            at += size + 2;
            if (size == 0) {
                body = Arrays.copyOf(whole, filled);
                return true;
            }
        }
    }
}
