package icj.execution.management;

import icj.candid.CandidValue;
import icj.candid.Principal;
import icj.execution.canister.CanisterDraft;
import icj.execution.message.Rejects;
import icj.execution.message.Round;
import icj.state.model.CallOrigin;
import icj.state.model.CanisterHistory;
import icj.types.CanisterId;
import icj.types.Cycles;

import org.jspecify.annotations.Nullable;

/// Who calls the management canister, and what the caller may do.
///
/// @param origin who waits for the answer
/// @param principal who it is
/// @param cycles attached to the call
record Caller(CallOrigin origin, Principal principal, Cycles cycles) {

    /// The canister that the argument names; it is there.
    static CanisterDraft canister(Round round, Principal id) throws RejectedCall {
        CanisterDraft canister = round.canister(new CanisterId(id));
        if (canister == null) {
            throw new RejectedCall(Rejects.noCanister(new CanisterId(id)));
        }
        return canister;
    }

    /// The canister that the argument names in `canister_id`; it is there.
    static CanisterDraft canister(Round round, CandidValue.Record argument) throws RejectedCall {
        return canister(round, argument.get("canister_id").asPrincipal());
    }

    /// Throws unless the caller controls the canister.
    void mustControl(CanisterDraft canister) throws RejectedCall {
        if (!canister.isController(principal)) {
            throw new RejectedCall(
                    512,
                    "Only controllers of canister "
                            + canister.id()
                            + " can call this method; "
                            + principal
                            + " is none");
        }
    }

    /// Throws unless the caller controls the canister or is the canister.
    void mustControlOrBe(CanisterDraft canister) throws RejectedCall {
        if (!principal.equals(canister.id().principal())) {
            mustControl(canister);
        }
    }

    /// The caller as the canister's history names it.
    CanisterHistory.Origin forHistory(CandidValue.Record argument) {
        if (origin instanceof CallOrigin.Canister(CanisterId canister, _, _)) {
            CandidValue version = argument.get("sender_canister_version").asOpt();
            @Nullable Long told = version == null ? null : version.asNumber().longValue();
            return new CanisterHistory.Origin.FromCanister(canister, told);
        }
        return new CanisterHistory.Origin.FromUser(principal);
    }
}
