package icj.wire;

/// Bytes from outside that are not what they should be. The message is one sentence, fit to be sent
/// back to whoever wrote them.
public final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    /// @param message what is wrong, naming the field
    public MalformedException(String message) {
        super(message);
    }

    /// @param message what is wrong, naming the field
    /// @param cause the library's own complaint
    public MalformedException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
