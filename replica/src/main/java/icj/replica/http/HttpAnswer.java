package icj.replica.http;

import icj.types.Blob;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/// What a client gets. Errors are plain text (interface.md 1.2): a short kind, then a sentence.
///
/// @param allow the value of the header `Allow`, only with 405
/// @param retrySeconds the value of the header `Retry-After`, only with 429 and 503
public record HttpAnswer(
        int status, String contentType, Blob body, @Nullable String allow, int retrySeconds) {
    /// What a client is told to wait unless there is reason for more.
    static final int RETRY_SECONDS = 1;

    /// The content type of all answers that are not errors.
    public static final String CBOR = "application/cbor";

    /// The content type of errors.
    public static final String TEXT = "text/plain; charset=utf-8";

    /// A body with status 200.
    public static HttpAnswer cbor(Blob body) {
        return new HttpAnswer(200, CBOR, body, null, RETRY_SECONDS);
    }

    /// 202 without a body: accepted, poll for the outcome.
    public static HttpAnswer accepted() {
        return new HttpAnswer(202, CBOR, Blob.EMPTY, null, RETRY_SECONDS);
    }

    /// An error, or any other short text.
    public static HttpAnswer text(int status, String sentence) {
        byte[] bytes = sentence.getBytes(StandardCharsets.UTF_8);
        return new HttpAnswer(status, TEXT, Blob.owning(bytes), null, RETRY_SECONDS);
    }

    /// 429: too much to do at present.
    ///
    /// @param seconds after which asking again is worth it
    public static HttpAnswer busy(int seconds, String sentence) {
        byte[] bytes = sentence.getBytes(StandardCharsets.UTF_8);
        return new HttpAnswer(429, TEXT, Blob.owning(bytes), null, seconds);
    }

    /// 405, naming the methods that the path has.
    public static HttpAnswer methodNotAllowed(String allow) {
        byte[] bytes = ("Method not allowed, use " + allow).getBytes(StandardCharsets.UTF_8);
        return new HttpAnswer(405, TEXT, Blob.owning(bytes), allow, RETRY_SECONDS);
    }
}
