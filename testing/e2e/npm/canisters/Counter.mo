/// The canister of the client tests: a number that survives upgrades, calls to itself and to others, a timer, traps.
import Prim "mo:⛔";

persistent actor class Counter(start : Nat) = self {
  var count : Nat = start;
  var ticks : Nat = 0;

  type Peer = actor { inc : () -> async Nat; boom : () -> async () };

  public func inc() : async Nat { count += 1; count };
  public query func get() : async Nat { count };
  public query func ticked() : async Nat { ticks };
  public query func echo(text : Text) : async Text { text };
  public shared query ({ caller }) func whoami() : async Principal { caller };

  /// Traps after a write: the write must not be seen.
  public func boom() : async () { count += 1000; assert false };

  /// Awaits a call to this canister, so that two messages make the answer.
  public func twice() : async Nat {
    ignore await self.inc();
    await self.inc()
  };

  public func incOther(peer : Peer) : async Nat { await peer.inc() };

  /// Another canister's trap arrives as an error.
  public func boomOther(peer : Peer) : async Text {
    try { await peer.boom(); "no error" } catch (e) { Prim.errorMessage(e) }
  };

  public func tickAfter(seconds : Nat64) : async () {
    ignore Prim.setTimer(seconds * 1_000_000_000, false, func() : async () { ticks += 1 });
  };
};
