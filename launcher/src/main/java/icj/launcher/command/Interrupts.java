package icj.launcher.command;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/// What Ctrl-C does while a command that holds something runs: the first time it ends in order, the
/// second time at once. Where the JVM has no signals, its own way stays: an end with 130.
final class Interrupts {
    private static final String SIGNAL = "sun.misc.Signal";
    private static final String HANDLER = "sun.misc.SignalHandler";

    private Interrupts() {}

    /// Calls `first` for the first Ctrl-C and `second` for each further one, on a thread of their
    /// own.
    static void handle(Runnable first, Runnable second) {
        AtomicInteger count = new AtomicInteger();
        try {
            // By name: the compiler warns of these types, which have no successor.
            Class<?> signal = Class.forName(SIGNAL);
            Class<?> handler = Class.forName(HANDLER);
            Object proxy =
                    Proxy.newProxyInstance(
                            Interrupts.class.getClassLoader(),
                            new Class<?>[] {handler},
                            (self, method, arguments) -> {
                                if (method.getName().equals("handle")) {
                                    (count.getAndIncrement() == 0 ? first : second).run();
                                    return null;
                                }
                                return method.getName().equals("equals")
                                        ? self == arguments[0]
                                        : method.getName().equals("hashCode")
                                                ? System.identityHashCode(self)
                                                : "Interrupts";
                            });
            Object interrupt = signal.getConstructor(String.class).newInstance("INT");
            signal.getMethod("handle", signal, handler).invoke(null, interrupt, proxy);
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            // No such signal here: the JVM's own handling ends the process with 130.
            return;
        }
    }
}
