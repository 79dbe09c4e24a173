package icj.execution.wasm.binary;

import static icj.execution.wasm.binary.Opcodes.LOCAL_GET;
import static icj.execution.wasm.binary.Opcodes.LOCAL_TEE;
import static icj.execution.wasm.binary.Opcodes.makesNan;

import java.util.Arrays;

/// Decides after which instructions of a function a NaN is made canonical (R-E6): as late as nobody
/// can see its bits before.
///
/// The result of arithmetic may go on as it is into an instruction that doesn't look at a NaN's
/// bits. A local that only ever gets such results (or what is no NaN) may hold them as they are
/// too; then those reads of it that do look are made canonical in place of the writes, if that is
/// expected to happen less often: a sum in a loop that is stored after it. A local that also gets
/// loaded values must keep the bits of these, so that its writes are canonical.
final class NanFlow {
    /// What an operand is that no instruction of interest made.
    static final int UNKNOWN = -1;

    /// An operand that is no NaN, or a canonical one.
    static final int HARMLESS = -2;

    /// A loop is taken for eight turns.
    private static final int LOOP_SHIFT = 3;

    private static final int LOOPS_MAX = 6;

    /// By instruction: the local that got the result, plus 1; 0 for none.
    private int[] target = new int[256];

    /// By instruction: whether its bits are looked at.
    private boolean[] seen = new boolean[256];

    private int[] weight = new int[256];

    // By local.
    private boolean[] keepsBits = new boolean[16];
    private long[] writes = new long[16];
    private long[] reads = new long[16];

    /// Begins a function.
    void begin(int parameters, int locals) {
        if (keepsBits.length < locals) {
            keepsBits = new boolean[locals * 2];
            writes = new long[locals * 2];
            reads = new long[locals * 2];
        }
        Arrays.fill(keepsBits, 0, locals, false);
        Arrays.fill(keepsBits, 0, parameters, true);
        Arrays.fill(writes, 0, locals, 0);
        Arrays.fill(reads, 0, locals, 0);
    }

    /// A next instruction within so many loops.
    void instruction(int index, int loops) {
        if (index >= target.length) {
            target = Arrays.copyOf(target, index * 2);
            seen = Arrays.copyOf(seen, index * 2);
            weight = Arrays.copyOf(weight, index * 2);
        }
        target[index] = 0;
        seen[index] = false;
        weight[index] = 1 << LOOP_SHIFT * Math.min(loops, LOOPS_MAX);
    }

    /// An instruction looks at the bits of what another one made.
    void see(int producer, int op, int local) {
        if (producer < 0) {
            return;
        }
        seen[producer] = true;
        if (!makesNan(op)) {
            reads[local] += weight[producer];
        }
    }

    /// A local gets what an instruction made.
    void set(int local, int producer, int op, int source) {
        if (producer >= 0 && makesNan(op)) {
            target[producer] = local + 1;
            writes[local] += weight[producer];
        } else if (producer != HARMLESS) {
            see(producer, op, source);
            keepsBits[local] = true;
        }
    }

    /// Whether the result of this instruction of the function, which has been seen to its end, is
    /// to be made canonical.
    boolean isCanonical(int index, int op, int local) {
        if (op == LOCAL_GET || op == LOCAL_TEE) {
            return seen[index] && isLate(local);
        }
        return seen[index] || target[index] > 0 && !isLate(target[index] - 1);
    }

    private boolean isLate(int local) {
        return !keepsBits[local] && writes[local] > reads[local];
    }
}
