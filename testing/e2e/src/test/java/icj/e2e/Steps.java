package icj.e2e;

import icj.types.Blob;
import icj.types.CanisterId;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A program of the universal canister (`universal.wat` of the execution tests, which says what
/// each instruction does), as far as these tests need it. Methods return this program.
final class Steps {
    private static final int TIMER_SLOT = 1;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Steps() {}

    static Steps of() {
        return new Steps();
    }

    Blob bytes() {
        return Blob.of(out.toByteArray());
    }

    private Steps op(int opcode) {
        out.write(opcode);
        return this;
    }

    private Steps blob(byte[] bytes) {
        out.writeBytes(
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length).array());
        out.writeBytes(bytes);
        return this;
    }

    private Steps blob(String text) {
        return blob(text.getBytes(StandardCharsets.UTF_8));
    }

    private Steps number(long number) {
        out.writeBytes(
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array());
        return this;
    }

    Steps reply() {
        return op(2);
    }

    Steps trap(String message) {
        return op(4).blob(message);
    }

    Steps keep(String text) {
        return op(7).blob(text);
    }

    /// Calls a method of a canister; the reply or the reject ends in `then`.
    Steps call(CanisterId callee, String method, Blob argument, long cycles, Steps then) {
        return op(8).blob(callee.principal().toBytes())
                .blob(method)
                .blob(argument.toBytes())
                .blob(then.bytes().toBytes())
                .blob(then.bytes().toBytes())
                .blob(of().count(100).bytes().toBytes())
                .number(cycles)
                .number(0);
    }

    Steps growStable(long pages) {
        return op(9).number(pages);
    }

    Steps writeStable(long offset, String text) {
        return op(10).number(offset).blob(text);
    }

    /// Sets the global timer and what it runs.
    Steps timer(long nanos, Steps task) {
        return op(27).number(TIMER_SLOT).blob(task.bytes().toBytes()).op(12).number(nanos);
    }

    Steps certify(String text) {
        return op(13).blob(text);
    }

    Steps accept(long cycles) {
        return op(15).number(cycles);
    }

    Steps appendBalance() {
        return op(16);
    }

    Steps recurse() {
        return op(18);
    }

    Steps unreachable() {
        return op(20);
    }

    Steps appendArgument() {
        return op(21);
    }

    Steps appendVersion() {
        return op(23);
    }

    Steps appendTime() {
        return op(24);
    }

    Steps count(long by) {
        return op(25).number(by);
    }

    Steps appendCounter() {
        return op(26);
    }

    Steps growHeap(long pages) {
        return op(38).number(pages);
    }

    Steps spin(long times) {
        return op(41).number(times);
    }
}
