package icj.types.artifact;

import icj.types.Blob;
import icj.types.Digest;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.message.IngressBody;

import java.util.List;

/// Everything that nodes of one subnet send to one another. [icj.wire.ArtifactCodec] gives each its
/// bytes.
///
/// A *share* is one node's signature and counts only when it comes from its signer's own connection
/// (R-C8). What is combined from shares proves itself and may come from anyone.
public sealed interface Artifact {
    /// The height that it is about.
    Height height();

    /// A block with the bodies of its calls in block order, signed by its maker.
    ///
    /// @param hash the block's hash; decoding computes it
    /// @param signature the maker's, Ed25519
    record BlockProposal(Block block, Digest hash, Blob signature, List<IngressBody> bodies)
            implements Artifact {
        public BlockProposal {
            bodies = List.copyOf(bodies);
        }

        @Override
        public Height height() {
            return block.height();
        }

        /// The block's name.
        public BlockRef ref() {
            return new BlockRef(block.height(), hash);
        }
    }

    /// Two blocks that one maker signed for one height: nobody supports either any more. Without it
    /// a node that saw only one of them would wait for ever for those who saw both.
    ///
    /// @param first the lower hash
    /// @param second the higher hash
    record EquivocationProof(
            Height height,
            NodeId maker,
            Digest first,
            Blob firstSignature,
            Digest second,
            Blob secondSignature)
            implements Artifact {}

    /// "This block is valid and I hold it with all bodies durably" (R-C2).
    record NotarizationShare(BlockRef block, NodeId signer, Blob signature) implements Artifact {
        @Override
        public Height height() {
            return block.height();
        }
    }

    /// Exactly q notarization shares, sorted by signer (R-C9).
    record Notarization(BlockRef block, List<IndexedSignature> signatures) implements Artifact {
        public Notarization {
            signatures = List.copyOf(signatures);
        }

        @Override
        public Height height() {
            return block.height();
        }
    }

    /// "I supported no other block of this height, and never will" (R-C4).
    record FinalizationShare(BlockRef block, NodeId signer, Blob signature) implements Artifact {
        @Override
        public Height height() {
            return block.height();
        }
    }

    /// Exactly q finalization shares: the block and all its ancestors are final.
    record Finalization(BlockRef block, List<IndexedSignature> signatures) implements Artifact {
        public Finalization {
            signatures = List.copyOf(signatures);
        }

        @Override
        public Height height() {
            return block.height();
        }
    }

    /// A share of the random beacon of a height, by the low threshold key (R-C5).
    record BeaconShare(Height height, NodeId signer, Blob signature) implements Artifact {}

    /// The random beacon of a height: ranks the makers of the height above.
    record Beacon(Height height, Blob signature) implements Artifact {}

    /// A share of the random tape of a finalized block, by the low threshold key (R-C6).
    record TapeShare(Height height, NodeId signer, Blob signature) implements Artifact {}

    /// The random tape of a finalized block.
    record Tape(Height height, Blob signature) implements Artifact {}

    /// One node's share, by the high threshold key, of the certification of an executed height.
    ///
    /// @param root of the certified tree
    /// @param witness a hash tree, as CBOR, that has this root and reveals `/metadata/height`
    record CertificationShare(
            Height height, Digest root, Blob witness, NodeId signer, Blob signature)
            implements Artifact {}

    /// The subnet's signature of the root of the certified tree after a height. The signature
    /// covers the root only (interface specification, "Certification"); the witness ties it to the
    /// height.
    record Certification(Height height, Digest root, Blob witness, Blob signature)
            implements Artifact {}

    /// Where a node stands. Sent at connection and now and then, so that peers send what it lacks
    /// and keep what it may still need (R-C15).
    ///
    /// @param notarized the highest notarized block it holds
    /// @param finalized the highest final block it holds
    /// @param beacon the highest beacon it holds
    /// @param certified the highest height that it executed and holds a certification of
    /// @param lowest the lowest height whose block its journal still serves
    record Status(
            Height notarized, Height finalized, Height beacon, Height certified, Height lowest)
            implements Artifact {
        @Override
        public Height height() {
            return notarized;
        }
    }

    /// Asks for combined artifacts and blocks from these heights on; height 0 asks for none of the
    /// kind. The answer is the artifacts themselves, as many as the bounds of an answer allow.
    ///
    /// @param chain blocks with their notarizations and finalizations
    /// @param beacon beacons
    /// @param certification certifications
    /// @param tape tapes
    record FetchChain(Height chain, Height beacon, Height certification, Height tape)
            implements Artifact {
        @Override
        public Height height() {
            return chain;
        }
    }

    /// Asks for one block by its name, with bodies.
    record FetchBlock(BlockRef block) implements Artifact {
        @Override
        public Height height() {
            return block.height();
        }
    }
}
