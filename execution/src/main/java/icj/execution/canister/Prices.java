package icj.execution.canister;

import icj.types.Cycles;

import java.math.BigInteger;

/// What things cost in cycles (interface digest, section 5): a table for 13 nodes, scaled by the
/// size of the subnet.
public final class Prices {
    /// Those of a subnet that charges nothing.
    public static final Prices FREE = new Prices(0);

    /// Seconds between two charges for storage and reserved computing.
    public static final long CHARGE_INTERVAL_NANOS = 10_000_000_000L;

    private static final int TABLE_NODES = 13;
    private static final long CREATION = 500_000_000_000L;
    private static final long EXECUTION_BASE = 5_000_000;
    private static final long INGRESS_MESSAGE = 1_200_000;
    private static final long INGRESS_BYTE = 2_000;
    private static final long CALL = 260_000;
    private static final long CALL_BYTE = 1_000;
    private static final long GIB_SECOND = 127_000;
    private static final long COMPUTE_PERCENT_SECOND = 10_000_000;
    private static final long SIGNATURE = 26_153_846_153L;
    private static final long SIGNATURE_TEST = 10_000_000_000L;
    private static final BigInteger GIB = BigInteger.ONE.shiftLeft(30);
    private static final BigInteger NANOS = BigInteger.valueOf(1_000_000_000L);

    /// The largest response that a call pays for in advance.
    private static final long RESPONSE_BYTES_MAX = 2L << 20;

    private final int nodes;

    private Prices(int nodes) {
        this.nodes = nodes;
    }

    /// Those of a subnet of this size.
    public static Prices ofNodes(int nodes) {
        return new Prices(nodes);
    }

    /// Whether nothing costs anything.
    public boolean isFree() {
        return nodes == 0;
    }

    private Cycles scaled(BigInteger amount) {
        return nodes == 0
                ? Cycles.ZERO
                : Cycles.saturated(
                        amount.multiply(BigInteger.valueOf(nodes))
                                .divide(BigInteger.valueOf(TABLE_NODES)));
    }

    private Cycles scaled(long amount) {
        return nodes == 0 ? Cycles.ZERO : scaled(BigInteger.valueOf(amount));
    }

    /// Making a canister.
    public Cycles creation() {
        return scaled(CREATION);
    }

    /// One execution of so many instructions; those of 64-bit modules count twice.
    public Cycles execution(long instructions, boolean memory64) {
        return nodes == 0
                ? Cycles.ZERO
                : scaled(EXECUTION_BASE + (memory64 ? 2 * instructions : instructions));
    }

    /// Instructions alone, without the base.
    public Cycles instructions(long instructions, boolean memory64) {
        return scaled(memory64 ? 2 * instructions : instructions);
    }

    /// Taking an update call of so many bytes (argument and method name).
    public Cycles ingress(long bytes) {
        return scaled(INGRESS_MESSAGE + INGRESS_BYTE * bytes);
    }

    /// Sending a call of so many bytes; the response is paid apart.
    public Cycles call(long bytes) {
        return scaled(CALL + CALL_BYTE * bytes);
    }

    /// A response of so many bytes.
    public Cycles response(long bytes) {
        return scaled(CALL_BYTE * bytes);
    }

    /// The largest response: withheld when a call is made.
    public Cycles largestResponse() {
        return response(RESPONSE_BYTES_MAX);
    }

    /// Keeping memory and reserving computing for a time.
    ///
    /// @param bytes kept
    /// @param computePercent reserved
    /// @param nanos the time
    public Cycles storage(long bytes, int computePercent, BigInteger nanos) {
        if (nodes == 0) {
            return Cycles.ZERO;
        }
        BigInteger memory =
                BigInteger.valueOf(bytes)
                        .multiply(BigInteger.valueOf(GIB_SECOND))
                        .multiply(nanos)
                        .divide(GIB);
        BigInteger computing =
                BigInteger.valueOf(COMPUTE_PERCENT_SECOND)
                        .multiply(BigInteger.valueOf(computePercent))
                        .multiply(nanos);
        return scaled(memory.add(computing).divide(NANOS));
    }

    /// A threshold signature or key derivation.
    ///
    /// @param testKey whether the key is one of the cheaper test keys
    public Cycles signature(boolean testKey) {
        return scaled(testKey ? SIGNATURE_TEST : SIGNATURE);
    }

    /// An HTTP outcall: (3,000,000 + 60,000 n) n + (400 request + 800 response) n.
    ///
    /// @param requestBytes unsigned
    /// @param responseBytesMax unsigned
    public Cycles httpOutcall(long requestBytes, long responseBytesMax) {
        BigInteger n = BigInteger.valueOf(nodes);
        BigInteger base =
                n.multiply(BigInteger.valueOf(60_000L)).add(BigInteger.valueOf(3_000_000));
        BigInteger bytes =
                unsigned(requestBytes)
                        .multiply(BigInteger.valueOf(400))
                        .add(unsigned(responseBytesMax).multiply(BigInteger.valueOf(800)));
        return Cycles.saturated(base.add(bytes).multiply(n));
    }

    /// All that a call withholds from its caller: call, largest response and the callback's
    /// execution.
    ///
    /// @param bytes of method name and argument, unsigned
    /// @param instructionsMax of the callback
    public Cycles wholeCall(long bytes, long instructionsMax, boolean memory64) {
        BigInteger payload = unsigned(bytes).multiply(BigInteger.valueOf(CALL_BYTE));
        return scaled(payload.add(BigInteger.valueOf(CALL)))
                .plus(largestResponse())
                .plus(execution(instructionsMax, memory64));
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }
}
