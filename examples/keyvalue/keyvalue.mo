/// Texts by key. The map is part of the actor, so that it survives upgrades without any code for it.
import Iter "mo:core/Iter";
import Map "mo:core/Map";
import Text "mo:core/Text";

persistent actor {
  let entries = Map.empty<Text, Text>();

  /// Stores a value and returns the one before.
  public func put(key : Text, value : Text) : async ?Text {
    entries.swap(key, value);
  };

  public func remove(key : Text) : async ?Text {
    entries.take(key);
  };

  public query func get(key : Text) : async ?Text {
    entries.get(key);
  };

  public query func size() : async Nat {
    entries.size();
  };

  /// At most `limit` entries from a key on, in the order of the keys.
  public query func list(from : Text, limit : Nat) : async [(Text, Text)] {
    entries.entriesFrom(from).take(limit).toArray();
  };
};
