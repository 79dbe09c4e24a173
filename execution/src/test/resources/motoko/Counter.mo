/// A counter for the runtime's tests: updates, queries, traps, growth, and state over upgrades.
import Prim "mo:⛔";

persistent actor Counter {
  var count : Nat = 0;
  var items : [var Nat64] = [var];

  public func inc() : async Nat { count += 1; count };
  public query func get() : async Nat { count };

  /// Traps after a write.
  public func boom() : async () { count += 1000; assert false };

  /// Allocates, so that the heap grows and garbage arises.
  public func fill() : async Nat {
    items := Prim.Array_init<Nat64>(200_000, 7);
    items.size()
  };

  /// Uses floats.
  public query func root() : async Float { Prim.floatSqrt(2.0) };
};
