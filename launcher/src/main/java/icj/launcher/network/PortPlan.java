package icj.launcher.network;

import icj.launcher.Failure;
import icj.launcher.Problem;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Which node listens where. With T nodes and the first port P: public API P to P+T-1, peers from
/// P+T, metrics from P+2T; within each, application nodes come before NNS nodes.
public final class PortPlan {
    /// The highest port there is.
    public static final int PORT_MAX = 65_535;

    private static final int KINDS = 3;

    /// Below the ports that systems give to outgoing connections (32768 on Linux): a port of ours
    /// that is free today must still be free after a restart.
    private static final int AUTO_FROM = 10_000;

    private static final int AUTO_TO = 32_000;
    private static final int AUTO_TRIES = 200;

    private PortPlan() {}

    /// The ports from `first` on.
    public static List<NodePorts> from(int first, List<String> names) {
        int count = names.size();
        if (first < 1 || first + KINDS * count - 1 > PORT_MAX) {
            throw new Failure(
                    Problem.PORT_RANGE,
                    "From port "
                            + first
                            + " on there are no "
                            + KINDS * count
                            + " ports for "
                            + count
                            + " nodes",
                    "Give a --port of at most " + (PORT_MAX - KINDS * count + 1));
        }
        List<NodePorts> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ports.add(
                    new NodePorts(
                            names.get(i), first + i, first + count + i, first + 2 * count + i));
        }
        return ports;
    }

    /// Ports in one row that are all free now.
    public static List<NodePorts> free(List<String> names, String bind) {
        return free(names, ports -> taken(ports, bind).isEmpty());
    }

    /// Ports in one row of which the test says that they are free.
    static List<NodePorts> free(List<String> names, Predicate<List<NodePorts>> areFree) {
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < AUTO_TRIES; i++) {
            List<NodePorts> ports = from(random.nextInt(AUTO_FROM, AUTO_TO), names);
            if (areFree.test(ports)) {
                return ports;
            }
        }
        throw new Failure(
                Problem.NO_FREE_PORTS,
                "No row of " + KINDS * names.size() + " free ports was found",
                "Choose the first one yourself with --port");
    }

    /// Those ports that something listens on, in order.
    public static List<Integer> taken(List<NodePorts> ports, String bind) {
        List<Integer> taken = new ArrayList<>();
        for (NodePorts node : ports) {
            if (!isFree(bind, node.http())) {
                taken.add(node.http());
            }
            if (!isFree(Settings.BIND_DEFAULT, node.p2p())) {
                taken.add(node.p2p());
            }
            if (!isFree(Settings.BIND_DEFAULT, node.metrics())) {
                taken.add(node.metrics());
            }
        }
        return taken;
    }

    /// Ends with a sentence that names the holder when a port is taken.
    public static void checkFree(Settings settings) {
        List<Integer> taken = taken(settings.ports(), settings.bind());
        if (!taken.isEmpty()) {
            int port = taken.getFirst();
            throw new Failure(
                    Problem.PORT_TAKEN,
                    "Port " + port + " is taken by " + PortHolder.of(port),
                    "End that program, or start a network with other ports: --network NAME --port"
                            + " auto");
        }
    }

    private static boolean isFree(String host, int port) {
        try {
            return mayListen(host, port);
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("ermission denied")) {
                throw new Failure(
                        Problem.PORT_RANGE,
                        "This user may not listen on port "
                                + port
                                + ": the system keeps low ports"
                                + " for itself",
                        "Give a --port of 1024 or more");
            }
            return false;
        }
    }

    private static boolean mayListen(String host, int port) throws IOException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new Failure(
                    Problem.NO_SUCH_ADDRESS,
                    "\"" + host + "\" is no address of this machine",
                    "Give --bind an address such as 127.0.0.1 or 0.0.0.0");
        }
        try (ServerSocket socket = new ServerSocket()) {
            // As servers do: a connection of an ended process that lingers is no obstacle.
            socket.setReuseAddress(true);
            socket.bind(address, 1);
            return true;
        } catch (IOException e) {
            checkOwnAddress(host, address.getAddress());
            throw e;
        }
    }

    /// A port can't be free on an address that is not ours: say that instead.
    private static void checkOwnAddress(String host, InetAddress address) {
        try (ServerSocket any = new ServerSocket(0, 1, address)) {
            if (!any.isBound()) {
                throw new IOException("not bound");
            }
        } catch (IOException e) {
            throw new Failure(
                    Problem.NO_SUCH_ADDRESS,
                    "\"" + host + "\" is no address of this machine",
                    "Give --bind an address such as 127.0.0.1 or 0.0.0.0");
        }
    }
}
