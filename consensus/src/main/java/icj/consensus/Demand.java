package icj.consensus;

/// How much ingress the node holds that stands in no delivered batch (R-C10, R-C11).
public enum Demand {
    /// None.
    NONE,

    /// Some.
    HELD,

    /// At least a quarter of the largest payload.
    PLENTY
}
