package icj.crypto;

/// Bytes or text that are no key of the expected form. The message is a sentence that may be shown
/// to whoever supplied them; it never contains the key.
public final class KeyFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    /// @param message what is wrong
    public KeyFormatException(String message) {
        super(message);
    }
}
