package icj.consensus;

/// What can be said about a payload.
public sealed interface Validity {
    /// It may be notarized.
    record Valid() implements Validity {}

    /// It may never be: a fault of the maker.
    record Invalid(String reason) implements Validity {}

    /// It can't be said yet, for what this names is missing; the core asks again.
    record NotYet(String missing) implements Validity {}
}
