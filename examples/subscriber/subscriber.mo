/// Keeps the news of a publisher, whose id it gets when it is installed.
import List "mo:core/List";
import Principal "mo:core/Principal";

persistent actor class Subscriber(publisher : Principal) = self {
  type Publisher = actor {
    subscribe : (callback : shared (news : Text) -> async ()) -> async ();
  };

  let source = publisher;
  let seen = List.empty<Text>();

  /// Asks the publisher to call `receive`.
  public func listen() : async () {
    let other = actor (source.toText()) : Publisher;
    await other.subscribe(self.receive);
  };

  /// Only the publisher may bring news.
  public shared ({ caller }) func receive(news : Text) : async () {
    assert caller == source;
    seen.add(news);
  };

  public query func news() : async [Text] {
    seen.toArray();
  };
};
