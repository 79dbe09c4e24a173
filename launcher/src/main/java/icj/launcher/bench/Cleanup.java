package icj.launcher.bench;

import java.util.ArrayDeque;

/// What is to be undone when a bench ends, however it ends: at the end, or when the process is told
/// to stop (Ctrl-C, SIGTERM). The last thing done is undone first, each once.
public final class Cleanup implements AutoCloseable {
    private final ArrayDeque<Runnable> steps = new ArrayDeque<>();
    private final Thread hook = Thread.ofPlatform().name("cleanup").unstarted(this::interrupt);
    private volatile boolean interrupted;

    public Cleanup() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// Adds a step.
    public synchronized void add(Runnable step) {
        steps.push(step);
    }

    /// Whether the process was told to stop: failures that follow are of no interest.
    public boolean isInterrupted() {
        return interrupted;
    }

    private void interrupt() {
        interrupted = true;
        undo();
    }

    private synchronized void undo() {
        while (!steps.isEmpty()) {
            steps.pop().run();
        }
    }

    @Override
    public void close() {
        undo();
        if (!interrupted) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
