package icj.execution.wasm;

/// A module breaks a rule of WebAssembly, of the interface or of this replica; its message is a
/// sentence for the user who installs it, to go out as error IC0505.
public final class InvalidModuleException extends Exception {
    private static final long serialVersionUID = 1L;

    /// @param message what is wrong with the module
    public InvalidModuleException(String message) {
        super(message);
    }
}
