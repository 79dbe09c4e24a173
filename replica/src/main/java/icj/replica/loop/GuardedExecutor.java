package icj.replica.loop;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.Executor;

/// Other threads for the node's own work. What it throws is a broken promise of our own and ends
/// the process: an executor alone would swallow it, and consensus would wait for an answer that
/// never comes. Once the node is being closed it does not: stores are closed under what still runs.
public final class GuardedExecutor implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedExecutor.class);

    private final Executor workers;
    private final String what;
    private final Fatal fatal;
    private volatile boolean closing;

    /// @param what is done there, for the sentence that ends the process
    public GuardedExecutor(Executor workers, String what, Fatal fatal) {
        this.workers = workers;
        this.what = what;
        this.fatal = fatal;
    }

    @Override
    public void execute(Runnable work) {
        workers.execute(() -> {
            try {
                work.run();
            } catch (Throwable e) {
                if (closing) {
                    LOG.debug("{} failed while the node ends", what, e);
                } else {
                    fatal.end(what + " failed", e);
                }
            }
        });
    }

    /// From now on failures are of no interest.
    @Override
    public void close() {
        closing = true;
    }
}
