package icj.execution.wasm.binary;

import static icj.execution.wasm.binary.NanFlow.UNKNOWN;
import static icj.execution.wasm.binary.Opcodes.BLOCK;
import static icj.execution.wasm.binary.Opcodes.ELSE;
import static icj.execution.wasm.binary.Opcodes.IF;
import static icj.execution.wasm.binary.Opcodes.LOOP;
import static icj.execution.wasm.binary.ValueTypes.ANY;

import icj.execution.wasm.InvalidModuleException;

import java.util.Arrays;
import java.util.function.IntConsumer;

/// The operands and the open blocks of a function that is being validated, by WebAssembly's own
/// algorithm: the types on the stack, each with the instruction that made it, and how far up the
/// innermost block may take them.
///
/// One object serves all functions of a module, one after the other.
final class ValidationStack {
    private static final int[] NONE = {};

    /// Hears of each instruction whose result is taken by one that looks at its bits (R-E6).
    private final IntConsumer looks;

    private boolean looking;

    private int[] operand = new int[64];
    private int[] producer = new int[64];
    private int height;
    private int heightMax;

    private int depth;
    private int loops;
    private int[] frameOp = new int[64];
    private int[] frameHeight = new int[64];
    private boolean[] frameUnreachable = new boolean[64];
    private boolean[] frameDead = new boolean[64];
    private boolean[] frameBranched = new boolean[64];
    private int[][] frameParameters = new int[64][];
    private int[][] frameResults = new int[64][];

    ValidationStack(IntConsumer looks) {
        this.looks = looks;
    }

    /// Begins a function: its body is a block that makes its results.
    void begin(int[] results) throws InvalidModuleException {
        height = 0;
        heightMax = 0;
        depth = 0;
        loops = 0;
        pushFrame(BLOCK, NONE, results, false);
    }

    /// How many blocks are open; none after the function's end.
    int depth() {
        return depth;
    }

    /// How many of the open blocks are loops.
    int loops() {
        return loops;
    }

    /// The most operands that were on the stack in this function.
    int heightMax() {
        return heightMax;
    }

    /// Whether the next instruction can't be reached.
    ///
    /// @param closes whether it is an `end` or an `else`, which stand for the block around them
    boolean isDead(boolean closes) {
        int top = depth - 1;
        return frameDead[top] || !closes && frameUnreachable[top];
    }

    // Operands.

    /// Whether the next instruction looks at the bits of what it takes.
    void looking(boolean looksAtBits) {
        looking = looksAtBits;
    }

    void push(int type) {
        push(type, UNKNOWN);
    }

    /// @param from the instruction that makes the value, or what [NanFlow] calls it
    void push(int type, int from) {
        if (height == operand.length) {
            operand = Arrays.copyOf(operand, height * 2);
            producer = Arrays.copyOf(producer, height * 2);
        }
        operand[height] = type;
        producer[height] = from;
        height++;
        heightMax = Math.max(heightMax, height);
    }

    void pushAll(int[] types) {
        for (int type : types) {
            push(type);
        }
    }

    /// @return the operand's type, which is the expected one unless any was
    int pop(int expected) throws InvalidModuleException {
        if (!drop(expected)) {
            return expected;
        }
        if (looking) {
            looks.accept(producer[height]);
        }
        return operand[height] == ANY ? expected : operand[height];
    }

    void popAll(int[] types) throws InvalidModuleException {
        for (int i = types.length - 1; i >= 0; i--) {
            pop(types[i]);
        }
    }

    /// Takes a value whose bits are not looked at.
    ///
    /// @return what made it
    int popUnseen(int expected) throws InvalidModuleException {
        return drop(expected) ? producer[height] : UNKNOWN;
    }

    /// The topmost operands must be of these types; they stay.
    void check(int[] types) throws InvalidModuleException {
        int before = height;
        popAll(types);
        height = before;
    }

    /// @return whether there was an operand, which then stands above the stack; unreachable code
    ///   has as many as it likes
    private boolean drop(int expected) throws InvalidModuleException {
        int top = depth - 1;
        if (height == frameHeight[top]) {
            if (frameUnreachable[top]) {
                return false;
            }
            throw new InvalidModuleException(
                    "an operand is missing"
                            + (expected == ANY ? "" : " (" + ValueTypes.name(expected) + ")"));
        }
        height--;
        int actual = operand[height];
        if (actual != expected && actual != ANY && expected != ANY) {
            throw new InvalidModuleException(
                    "an operand is "
                            + ValueTypes.name(actual)
                            + " where "
                            + ValueTypes.name(expected)
                            + " is wanted");
        }
        return true;
    }

    // Blocks.

    /// A block, loop or if takes its parameters and begins with them.
    void open(int code, int[] parameters, int[] results, boolean dead)
            throws InvalidModuleException {
        popAll(parameters);
        pushFrame(code, parameters, results, dead);
        pushAll(parameters);
    }

    void otherwise() throws InvalidModuleException {
        int top = depth - 1;
        if (frameOp[top] != IF) {
            throw new InvalidModuleException("an else without if");
        }
        finishFrame(top);
        frameOp[top] = ELSE;
        frameUnreachable[top] = false;
        pushAll(frameParameters[top]);
    }

    /// The end of the innermost block.
    ///
    /// @return whether what follows may be reached in another way than through the end of its code
    boolean close() throws InvalidModuleException {
        int top = depth - 1;
        boolean fell = !frameUnreachable[top];
        finishFrame(top);
        if (frameOp[top] == IF && !Arrays.equals(frameParameters[top], frameResults[top])) {
            throw new InvalidModuleException("an if without else that makes values");
        }
        depth--;
        loops -= frameOp[top] == LOOP ? 1 : 0;
        if (depth > 0) {
            pushAll(frameResults[top]);
        }
        boolean joins = frameOp[top] == IF || frameOp[top] == ELSE || frameBranched[top] || !fell;
        return joins && !frameDead[top];
    }

    /// Nothing after this instruction of the innermost block is reached.
    void unreachable() {
        int top = depth - 1;
        height = frameHeight[top];
        frameUnreachable[top] = true;
    }

    /// The results of the function.
    int[] functionResults() {
        return frameResults[0];
    }

    /// What a branch to this label, of an open block, takes; there is one from now on.
    int[] branchTypes(int label) {
        int frame = depth - 1 - label;
        frameBranched[frame] = true;
        return frameOp[frame] == LOOP ? frameParameters[frame] : frameResults[frame];
    }

    /// The end of a frame's code: its results must be on the stack, and nothing else.
    private void finishFrame(int top) throws InvalidModuleException {
        popAll(frameResults[top]);
        if (height != frameHeight[top]) {
            throw new InvalidModuleException("values are left at the end of a block");
        }
    }

    private void pushFrame(int code, int[] parameters, int[] results, boolean dead)
            throws InvalidModuleException {
        if (depth == ModuleLimits.NESTING_MAX) {
            throw new InvalidModuleException(
                    "more than the allowed " + ModuleLimits.NESTING_MAX + " nested blocks");
        }
        if (depth == frameOp.length) {
            int size = depth * 2;
            frameOp = Arrays.copyOf(frameOp, size);
            frameHeight = Arrays.copyOf(frameHeight, size);
            frameUnreachable = Arrays.copyOf(frameUnreachable, size);
            frameDead = Arrays.copyOf(frameDead, size);
            frameBranched = Arrays.copyOf(frameBranched, size);
            frameParameters = Arrays.copyOf(frameParameters, size);
            frameResults = Arrays.copyOf(frameResults, size);
        }
        loops += code == LOOP ? 1 : 0;
        frameOp[depth] = code;
        frameHeight[depth] = height;
        frameUnreachable[depth] = false;
        frameDead[depth] = dead;
        frameBranched[depth] = false;
        frameParameters[depth] = parameters;
        frameResults[depth] = results;
        depth++;
    }
}
