package icj.replica.loop;

/// Ends the process. Called when a promise of our own is broken or a store fails: going on could
/// sign what must not be signed.
@FunctionalInterface
public interface Fatal {
    /// Never returns in a real node.
    ///
    /// @param sentence for the log and the operator
    void end(String sentence, Throwable cause);

    /// The same when starting again would not help: the supervisor leaves the node ended.
    ///
    /// @param sentence with what to do
    default void halt(String sentence) {
        end(sentence, new IllegalStateException(sentence));
    }
}
