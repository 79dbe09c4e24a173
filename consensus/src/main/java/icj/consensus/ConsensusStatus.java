package icj.consensus;

import icj.types.Height;
import icj.types.NodeId;

import java.util.List;
import java.util.SortedMap;

/// Where the core stands, for metrics, health and tests. Immutable.
///
/// @param round the height that is being decided
/// @param notarized the highest notarized block
/// @param finalized the highest final block
/// @param delivered the highest batch handed to execution
/// @param executed the highest batch that execution reported
/// @param certified the highest height executed here and certified
/// @param replayTarget the highest certification, or own share of one, in the journal at start:
///   until `certified` reaches it, no query and no read_state is served (R-C4)
/// @param beacon the highest beacon
/// @param lowest the lowest height whose block the journal serves to peers
/// @param roundsByRank how many blocks became final since the start, by rank of the maker
/// @param poolHeights heights held in memory
/// @param poolBlocks blocks held in memory
/// @param poolShares unverified shares held in memory
/// @param journalBytes bytes of the chain in the journal, about
/// @param refusals what peers sent and was not taken, by reason, since the start
/// @param peersCertified the certified height that each peer reported last
/// @param tooFarBehind whether [Effect.SyncState] was emitted
/// @param silent whether the node follows without voting since its disk was empty when the others
///   were not at the beginning
public record ConsensusStatus(
        Height round,
        Height notarized,
        Height finalized,
        Height delivered,
        Height executed,
        Height certified,
        Height replayTarget,
        Height beacon,
        Height lowest,
        List<Long> roundsByRank,
        int poolHeights,
        int poolBlocks,
        int poolShares,
        long journalBytes,
        SortedMap<Refusal, Long> refusals,
        SortedMap<NodeId, Height> peersCertified,
        boolean tooFarBehind,
        boolean silent) {
    public ConsensusStatus {
        roundsByRank = List.copyOf(roundsByRank);
    }
}
