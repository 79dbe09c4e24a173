package icj.execution.message;

import icj.types.Blob;
import icj.types.CanisterId;

/// A line that a canister printed, or the sentence of its trap.
public record PrintedLine(CanisterId canister, Blob content) {}
