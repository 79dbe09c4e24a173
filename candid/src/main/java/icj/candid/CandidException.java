package icj.candid;

/// Candid that is not what it should be: malformed bytes or text, a value that does not fit its
/// type, or more of something than the limits allow. The message is one sentence for whoever wrote
/// it.
public final class CandidException extends Exception {
    private static final long serialVersionUID = 1L;

    /// @param message what is wrong and where
    public CandidException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
