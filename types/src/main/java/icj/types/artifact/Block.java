package icj.types.artifact;

import icj.types.Digest;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.Rank;

/// One block. Its hash, [icj.wire.ArtifactCodec#hash], covers every field, the list of calls
/// included, but no signature and no body (R-C2, R-C9).
///
/// @param height at least 1; the block of height 0 is implied by genesis
/// @param parent the hash of the block below
/// @param rank of the maker at this height
/// @param maker who proposes it
/// @param context what it was made against
/// @param payload the calls it orders
public record Block(
        Height height,
        Digest parent,
        Rank rank,
        NodeId maker,
        BlockContext context,
        Payload payload) {}
