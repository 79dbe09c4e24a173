/// Tells its subscribers, which are methods of other canisters, what is published.
import List "mo:core/List";

persistent actor {
  type Callback = shared (news : Text) -> async ();

  let subscribers = List.empty<Callback>();

  public func subscribe(callback : Callback) : async () {
    subscribers.add(callback);
  };

  /// Calls each subscriber and returns how many took the news; one that traps is left out.
  public func publish(news : Text) : async Nat {
    var taken = 0;
    for (callback in subscribers.values()) {
      try { await callback(news); taken += 1 } catch (_) {};
    };
    taken;
  };
};
