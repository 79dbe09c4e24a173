package icj.testing.simulation;

import icj.testing.Prng;

/// The faults of one seed. Each seed leaves out some kinds and exaggerates others, so that rare
/// states are reached.
///
/// @param delayNanos mean one-way delay
/// @param lossPermille messages lost
/// @param duplicatePermille messages that come twice
/// @param partitionPermille chance of a new partition per chaos tick
/// @param crashPermille chance of a crash per node and chaos tick
/// @param directedCrashPermille chance of a crash between journal write and sending
/// @param downMax nodes down at once in the safety phase
/// @param downNanos how long a node stays down, mean
/// @param syncNanos mean time of a synced write
/// @param executeNanos mean time of a batch
/// @param slowNode one node executes many times slower
/// @param skewNanos wall clocks differ by up to this
/// @param requestNanos mean time between requests
/// @param replayPermille requests sent again later
/// @param flushNanos between two writes of the state store
/// @param malicious Byzantine nodes, at most f: the ones with the highest index
/// @param tapeModulus one state in so many draws randomness; 0 for none
record Swarm(
        long delayNanos,
        int lossPermille,
        int duplicatePermille,
        int partitionPermille,
        int crashPermille,
        int directedCrashPermille,
        int downMax,
        long downNanos,
        long syncNanos,
        long executeNanos,
        boolean slowNode,
        long skewNanos,
        long requestNanos,
        int replayPermille,
        long flushNanos,
        int malicious,
        int tapeModulus) {
    private static final long MILLI = 1_000_000;

    static Swarm draw(Prng random, int nodes) {
        int faulty = (nodes - 1) / 3;
        boolean calm = random.chance(0.1);
        return new Swarm(
                random.chance(0.5)
                        ? random.between(MILLI / 10, 5 * MILLI)
                        : random.between(5 * MILLI, 80 * MILLI),
                calm || random.chance(0.3) ? 0 : random.below(250),
                calm || random.chance(0.5) ? 0 : random.below(200),
                calm || random.chance(0.4) ? 0 : random.below(60),
                calm || random.chance(0.3) ? 0 : 1 + random.below(25),
                calm || random.chance(0.5) ? 0 : random.below(40),
                random.chance(0.4) ? nodes : Math.max(1, faulty),
                random.between(20, 1500) * MILLI,
                random.between(1, 40) * MILLI / 10,
                random.chance(0.7)
                        ? random.between(1, 20) * MILLI / 10
                        : random.between(2, 60) * MILLI,
                random.chance(0.15),
                random.chance(0.3) ? 0 : random.between(0, 800) * MILLI,
                random.between(2, 80) * MILLI,
                random.below(300),
                random.between(30, 1500) * MILLI,
                random.chance(0.3) ? faulty : 0,
                random.chance(0.3) ? 0 : 1 + random.below(6));
    }
}
