package icj.state.model;

import icj.state.tree.Records;
import icj.types.Digest;
import icj.types.Height;
import icj.wire.MalformedException;

import java.util.List;

/// How a store sees a state of type `S`: as tables of records, some with memories.
public interface StateLayout<S> {
    /// The height of the batch whose result the state is.
    Height height(S state);

    /// The root of the state (R-S1); a loaded state must have the one it was written with.
    Digest root(S state);

    /// The tables; always the same, in the same order.
    List<RecordTable<S, ?>> tables();

    /// The state of these entries, one map for each of [#tables] in the same order.
    ///
    /// @throws MalformedException if the entries make no state
    S restore(Height height, List<Records<?>> entries) throws MalformedException;
}
