package icj.execution;

import icj.execution.management.ManagementInterface;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.message.RequestContent;

import org.jspecify.annotations.Nullable;

/// The canister that a request concerns (interface specification, "Effective canister id"): the
/// receiver itself; for the management canister the one that the argument names; for calls that
/// create a canister any.
public final class EffectiveCanisterId {
    private EffectiveCanisterId() {}

    /// The canister that an update call concerns; the management canister for calls that create
    /// one; null when the call names none: such calls are refused with 400.
    public static @Nullable CanisterId of(RequestContent.Call call) {
        return of(call.canister(), call.method(), call.arg(), false);
    }

    /// The same for a query.
    public static @Nullable CanisterId of(RequestContent.Query query) {
        return of(query.canister(), query.method(), query.arg(), true);
    }

    /// Whether the canister in the URL is right for a request that concerns `effective`: the same,
    /// or any for calls that create one.
    public static boolean matches(CanisterId url, CanisterId effective) {
        return url.equals(effective) || effective.equals(CanisterId.MANAGEMENT);
    }

    private static @Nullable CanisterId of(
            CanisterId receiver, String method, Blob arg, boolean query) {
        if (!receiver.equals(CanisterId.MANAGEMENT)) {
            return receiver;
        }
        if (!query && ManagementInterface.creates(method)) {
            return CanisterId.MANAGEMENT;
        }
        return ManagementInterface.concerned(method, arg);
    }
}
