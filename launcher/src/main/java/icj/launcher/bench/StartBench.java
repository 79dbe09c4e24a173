package icj.launcher.bench;

import icj.launcher.client.Calls;

/// `start`: from the command `ic start` until an update through the first node has succeeded, of a
/// new network and of the same one resumed.
final class StartBench {
    private StartBench() {}

    static Figures run(OwnNetwork network) {
        long began = System.nanoTime();
        network.start();
        LoadCanister canister = LoadCanister.make(network.endpoint());
        long fresh = System.nanoTime() - began;
        network.stop();
        began = System.nanoTime();
        network.start();
        try (canister) {
            Calls.run(
                    "The first update of the resumed network",
                    () -> canister.agent().call(canister.id(), "mark", LoadCanister.arguments(0L)));
            long resumed = System.nanoTime() - began;
            return new Figures()
                    .count("fresh_ms", fresh / 1_000_000)
                    .count("resumed_ms", resumed / 1_000_000);
        }
    }
}
