package icj.state.model;

/// A store gave bytes that are not those that were written: the state on disk is damaged and the
/// process ends with code 6.
public final class DamagedPageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message what is damaged
    public DamagedPageException(String message) {
        super(message);
    }
}
