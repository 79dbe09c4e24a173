package icj.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/// Ports for nodes of tests that must know their addresses before they listen.
///
/// They lie below those that the system gives to outgoing connections (from 32,768 on Linux): one
/// of these may be taken by anybody between the choice and the use. Each is given once in a
/// process; different processes begin at different places.
public final class FreePort {
    private static final int FROM = 25_000;
    private static final int COUNT = 7_000;

    /// A prime, so that processes with neighbouring ids do not meet soon.
    private static final int STRIDE = 97;

    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * STRIDE % COUNT));

    private FreePort() {}

    /// A port of the loopback address on which nobody listens.
    ///
    /// @throws IllegalStateException when all are taken
    public static int next() {
        for (int tries = 0; tries < COUNT; tries++) {
            int port = FROM + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            try (ServerSocket socket =
                    new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                continue;
            }
        }
        throw new IllegalStateException("No port from " + FROM + " on is free");
    }
}
