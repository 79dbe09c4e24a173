package icj.consensus;

import icj.types.Blob;
import icj.types.Digest;
import icj.types.Height;
import icj.types.NodeId;

import org.jspecify.annotations.Nullable;

import java.util.SortedMap;

/// All cryptography of the core, its one seam (R-C14): Ed25519 and threshold BLS in production,
/// keyed MACs that nobody else can forge in the simulator. Signatures are deterministic. Nothing
/// here throws on what a peer sent. One thread calls it.
public interface SubnetCrypto {
    /// Which of the subnet's threshold keys.
    enum ThresholdKey {
        /// f + 1 shares: beacon and tape.
        LOW,

        /// q shares: certification.
        HIGH
    }

    /// This node's Ed25519 signature (64 bytes).
    Blob sign(Blob message);

    /// Whether a member's Ed25519 signature is valid by the rule of R-C9. False for who is no
    /// member.
    boolean verify(NodeId signer, Blob message, Blob signature);

    /// This node's share of a threshold signature (48 bytes).
    Blob signShare(ThresholdKey key, Blob message);

    /// Combines unverified shares, exactly as many as the threshold. The result is unverified too;
    /// null when a share is no curve point at all. A threshold of 1 works.
    @Nullable Blob combine(ThresholdKey key, SortedMap<NodeId, Blob> shares);

    /// Whether one share is valid: asked only when a combination was not (R-C8).
    boolean verifyShare(ThresholdKey key, NodeId signer, Blob message, Blob share);

    /// Whether a combined signature is valid.
    boolean verifyCombined(ThresholdKey key, Blob message, Blob signature);

    /// The randomness in a combined signature of beacon or tape: its SHA-256.
    Digest seed(Blob signature);

    /// Whether `witness` is the CBOR of a hash tree with this root whose `/metadata/height` is
    /// `height`. Without it a certification of one height could be passed off as that of another.
    boolean provesHeight(Digest root, Blob witness, Height height);
}
