package icj.execution.wasm;

/// A module breaks a rule of WebAssembly, of the interface or of this replica; its message is a
/// sentence for the user who installs it, to go out as error IC0505. Message and work hang on the
/// uploaded bytes alone: both show in the replicated state.
public final class InvalidModuleException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long work;

    /// @param message what is wrong with the module
    public InvalidModuleException(String message) {
        this(message, 0);
    }

    /// @param work as [#work]
    public InvalidModuleException(String message, long work) {
        super(message);
        this.work = work;
    }

    /// What it took to find this out, in the unit of `ModuleWork`.
    public long work() {
        return work;
    }

    /// The same after so much work.
    public InvalidModuleException after(long units) {
        InvalidModuleException same =
                new InvalidModuleException(String.valueOf(getMessage()), units);
        same.initCause(this);
        return same;
    }
}
