package icj.launcher.supervise;

import icj.launcher.Failure;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// One thread that does one task after the other. A task that fails is logged; the next one runs.
final class Loop {
    private final ScheduledThreadPoolExecutor executor;
    private final Consumer<String> log;

    Loop(Consumer<String> log) {
        this.log = log;
        this.executor =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().name("supervisor").daemon().factory());
    }

    /// Does the task after those that wait; after the end it is dropped.
    void execute(Runnable task) {
        try {
            executor.execute(logged(task));
        } catch (RejectedExecutionException e) {
            // Two callers ended the supervision at once: the first was enough.
            return;
        }
    }

    /// Does the task after this time.
    void after(long millis, Runnable task) {
        ScheduledFuture<?> timer = executor.schedule(logged(task), millis, TimeUnit.MILLISECONDS);
        if (timer.isCancelled()) {
            throw new IllegalStateException("Nobody cancels timers");
        }
    }

    /// Does the task and returns its result; not to be called by a task.
    <T> T ask(Supplier<T> task) {
        try {
            return executor.submit(task::get).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Failure failure) {
                throw failure;
            }
            throw new IllegalStateException("The supervisor failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The supervisor was interrupted", e);
        }
    }

    /// Takes no further tasks.
    void end() {
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.shutdown();
    }

    private Runnable logged(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                log.accept("a task of the supervisor failed: " + e);
            }
        };
    }
}
