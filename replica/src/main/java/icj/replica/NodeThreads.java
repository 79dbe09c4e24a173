package icj.replica;

import icj.execution.wasm.WasmRuntime;
import icj.replica.metrics.Metrics;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The threads of a node, what bounds their queues, and how they end.
final class NodeThreads {
    private static final int WORKERS_MIN = 2;
    private static final int WORK_QUEUE_MAX = 4_096;

    /// Ranges of the journal that wait to be read for peers: sixteen whole answers. A peer whose
    /// question finds no place asks again.
    private static final int SERVE_QUEUE_MAX = 64;

    private final Metrics metrics;
    private final Consumer<AutoCloseable> opened;

    /// @param opened takes what must be closed with the node
    NodeThreads(Metrics metrics, Consumer<AutoCloseable> opened) {
        this.metrics = metrics;
        this.opened = opened;
    }

    /// One event loop.
    EventLoopGroup loop(String name) {
        EventLoopGroup loop =
                new MultiThreadIoEventLoopGroup(
                        1, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
        opened.accept(() ->
                loop.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS).awaitUninterruptibly(1_000));
        return loop;
    }

    /// What happens every now and then.
    ScheduledExecutorService timer() {
        ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(work -> {
                    Thread thread = new Thread(work, "timer");
                    thread.setDaemon(true);
                    return thread;
                });
        opened.accept(timer::shutdownNow);
        return timer;
    }

    /// Requests of one kind, as many at once as there are processors.
    ThreadPoolExecutor requests(String kind) {
        int processors = Math.max(WORKERS_MIN, Runtime.getRuntime().availableProcessors());
        return workers(kind, processors, WORK_QUEUE_MAX);
    }

    /// Answers to clients that wait for a height.
    ThreadPoolExecutor answers() {
        return workers("answer", 1, WORK_QUEUE_MAX);
    }

    /// What the core asks.
    ThreadPoolExecutor core() {
        return workers("core", WORKERS_MIN, WORK_QUEUE_MAX);
    }

    /// What peers ask of the journal.
    ThreadPoolExecutor serve() {
        return workers("serve", 1, SERVE_QUEUE_MAX);
    }

    /// With stacks for canister code (R-E5).
    private ThreadPoolExecutor workers(String kind, int threads, int queueMax) {
        ThreadPoolExecutor workers =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        0,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(queueMax),
                        work -> {
                            Thread thread =
                                    new Thread(
                                            null,
                                            work,
                                            kind + "-worker",
                                            WasmRuntime.STACK_BYTES_MIN);
                            thread.setDaemon(true);
                            return thread;
                        });
        metrics.bounded(
                "ic_worker_queue",
                "Requests that wait for a worker",
                workers.getQueue()::size,
                queueMax,
                "kind",
                kind);
        opened.accept(workers::shutdownNow);
        return workers;
    }
}
