/// One text that the subnet certifies: a query returns it with a certificate, so that a client need
/// not trust the node that it asked.
import CertifiedData "mo:core/CertifiedData";
import Text "mo:core/Text";

persistent actor {
  var value : Text = "";

  /// A canister certifies up to 32 bytes. What is longer would be certified by its hash.
  public func set(text : Text) : async () {
    let bytes = text.encodeUtf8();
    assert bytes.size() <= 32;
    value := text;
    CertifiedData.set(bytes);
  };

  /// The certificate is null in an update call: there the reply itself is certified.
  public query func get() : async { value : Text; certificate : ?Blob } {
    { value; certificate = CertifiedData.getCertificate() };
  };
};
