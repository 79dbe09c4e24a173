package icj.state.model;

import icj.candid.Principal;
import icj.types.CanisterId;
import icj.types.Lookup;

/// Gives equal senders and canisters of update calls one object each, since a history holds
/// hundreds of thousands of calls. Bounded; not thread-safe; nothing of it shows in results.
public final class Parties {
    /// Of each kind; about 100 bytes each.
    private static final int SHARED_MAX = 10_000;

    private final Lookup<Principal, Principal> senders = new Lookup<>();
    private final Lookup<CanisterId, CanisterId> canisters = new Lookup<>();

    /// A table without anybody.
    public Parties() {}

    /// An equal sender.
    public Principal sender(Principal sender) {
        return shared(senders, sender);
    }

    /// An equal canister.
    public CanisterId canister(CanisterId canister) {
        return shared(canisters, canister);
    }

    /// Forgets all of them.
    public void clear() {
        senders.clear();
        canisters.clear();
    }

    private static <T> T shared(Lookup<T, T> known, T value) {
        T same = known.get(value);
        if (same != null) {
            return same;
        }
        if (known.size() == SHARED_MAX) {
            known.clear();
        }
        known.put(value, value);
        return value;
    }
}
