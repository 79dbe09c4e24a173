package icj.types.artifact;

import icj.types.ConsensusTime;
import icj.types.Height;
import icj.types.RegistryVersion;

/// What a block was made against. Validity of the payload is a function of the chain and this.
/// Along a chain nothing in it falls, and the time strictly rises.
///
/// @param certified a height whose state the maker has executed and holds a certification of
/// @param registryVersion the newest version that the maker knows
/// @param time of the block (R-C12)
/// @param drawsTape whether the state at `certified` has requests for randomness pending, so that a
///   random tape of the block's height is made (R-C6)
public record BlockContext(
        Height certified, RegistryVersion registryVersion, ConsensusTime time, boolean drawsTape) {}
