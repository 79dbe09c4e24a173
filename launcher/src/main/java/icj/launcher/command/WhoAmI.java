package icj.launcher.command;

import icj.launcher.Failure;
import icj.launcher.identity.IdentityStore;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// The identity of commands that name none and its principal for the banner, read beside the wait
/// for the nodes, since it loads the cryptography.
final class WhoAmI {
    private final FutureTask<String> task;

    private WhoAmI(FutureTask<String> task) {
        this.task = task;
    }

    /// Begins; makes the identity when there is none yet.
    static WhoAmI begin(Ic ic) {
        IdentityStore store = new IdentityStore(ic.locations().identities());
        String name = ic.identity(null);
        FutureTask<String> task =
                new FutureTask<>(() -> name + " " + store.load(name, ic::detail).sender());
        Thread.ofPlatform().daemon().name("identity").start(task);
        return new WhoAmI(task);
    }

    /// The line; says so when the key can't be used: the network runs all the same.
    String line() throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            return e.getCause() instanceof Failure failure
                    ? "none: " + failure.cause()
                    : "none: " + e.getCause();
        }
    }
}
