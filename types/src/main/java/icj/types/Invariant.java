package icj.types;

/// Our own broken promises. A failed check ends the process (the loops let [Violation] through); it
/// is never used for what a peer, a client or a canister did.
public final class Invariant {
    private Invariant() {}

    /// Throws [Violation] unless `holds`.
    public static void check(boolean holds, String promise) {
        if (!holds) {
            throw new Violation(promise);
        }
    }

    /// Throws [Violation] unless `holds`; the text is a format with one value, built only on
    /// failure.
    public static void check(boolean holds, String format, Object value) {
        if (!holds) {
            throw new Violation(String.format(format, value));
        }
    }

    /// A defect of this program.
    public static final class Violation extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /// @param promise what should have held
        public Violation(String promise) {
            super(promise);
        }
    }
}
