package icj.execution;

import icj.types.Blob;
import icj.types.CanisterId;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A program of the universal canister (`universal.wat`), instruction by instruction. Methods
/// return this program.
public final class Program {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /// Where a program may be kept for an entry point without argument.
    public enum Slot {
        /// Run by the heartbeat.
        HEARTBEAT,
        /// Run by the global timer.
        TIMER,
        /// Run by inspect_message.
        INSPECT,
        /// Run by pre_upgrade.
        PRE_UPGRADE,
        /// Not run: post_upgrade runs its argument.
        POST_UPGRADE,
        /// Run by the low-memory hook.
        LOW_MEMORY
    }

    /// An empty program.
    public static Program start() {
        return new Program();
    }

    /// The bytes.
    public Blob bytes() {
        return Blob.of(out.toByteArray());
    }

    private Program op(int opcode) {
        out.write(opcode);
        return this;
    }

    private Program blob(byte[] bytes) {
        out.writeBytes(
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length).array());
        out.writeBytes(bytes);
        return this;
    }

    private Program number(long number) {
        out.writeBytes(
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array());
        return this;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Adds text to the reply.
    public Program append(String text) {
        return op(1).blob(utf8(text));
    }

    /// Replies.
    public Program reply() {
        return op(2);
    }

    /// Rejects.
    public Program reject(String message) {
        return op(3).blob(utf8(message));
    }

    /// Calls ic0.trap.
    public Program trap(String message) {
        return op(4).blob(utf8(message));
    }

    /// Adds the caller to the reply.
    public Program appendCaller() {
        return op(5);
    }

    /// Adds the kept blob to the reply.
    public Program appendKept() {
        return op(6);
    }

    /// Keeps a blob.
    public Program keep(String text) {
        return op(7).blob(utf8(text));
    }

    /// Calls a canister.
    public Program call(Call call) {
        return op(8).blob(call.callee.toBytes())
                .blob(utf8(call.method))
                .blob(call.argument.toBytes())
                .blob(call.onReply.bytes().toBytes())
                .blob(call.onReject.bytes().toBytes())
                .blob(call.onCleanup.bytes().toBytes())
                .number(call.cycles)
                .number(call.timeoutSeconds);
    }

    /// Grows stable memory and adds the result to the reply.
    public Program growStable(long pages) {
        return op(9).number(pages);
    }

    /// Writes stable memory.
    public Program writeStable(long offset, String text) {
        return op(10).number(offset).blob(utf8(text));
    }

    /// Adds a part of stable memory to the reply.
    public Program appendStable(long offset, int size) {
        return op(11).number(offset).number(size);
    }

    /// Sets the global timer and adds its old value to the reply, except in tasks.
    public Program setTimer(long nanos) {
        return op(12).number(nanos);
    }

    /// Sets certified data.
    public Program certify(String text) {
        return op(13).blob(utf8(text));
    }

    /// Prints.
    public Program print(String text) {
        return op(14).blob(utf8(text));
    }

    /// Accepts cycles and adds how many to the reply.
    public Program accept(long most) {
        return op(15).number(most);
    }

    /// Adds the balance to the reply.
    public Program appendBalance() {
        return op(16);
    }

    /// Loops for ever.
    public Program loop() {
        return op(17);
    }

    /// Recurses for ever.
    public Program recurse() {
        return op(18);
    }

    /// Grows the heap until it can't and then traps.
    public Program grow() {
        return op(19);
    }

    /// Executes `unreachable`.
    public Program unreachable() {
        return op(20);
    }

    /// Adds the argument, or the data of the reply, to the reply.
    public Program appendArgument() {
        return op(21);
    }

    /// Adds code and message of the reject to the reply.
    public Program appendReject() {
        return op(22);
    }

    /// Adds the canister version to the reply.
    public Program appendVersion() {
        return op(23);
    }

    /// Adds the time to the reply.
    public Program appendTime() {
        return op(24);
    }

    /// Adds to the counter.
    public Program count(long by) {
        return op(25).number(by);
    }

    /// Adds the counter to the reply.
    public Program appendCounter() {
        return op(26);
    }

    /// Keeps a program for an entry point.
    public Program at(Slot slot, Program program) {
        return op(27).number(slot.ordinal()).blob(program.bytes().toBytes());
    }

    /// Accepts the inspected message.
    public Program acceptMessage() {
        return op(28);
    }

    /// Adds the canister's status to the reply.
    public Program appendStatus() {
        return op(29);
    }

    /// Adds the available cycles to the reply.
    public Program appendAvailable() {
        return op(30);
    }

    /// Adds the refunded cycles to the reply.
    public Program appendRefunded() {
        return op(31);
    }

    /// Adds the deadline to the reply.
    public Program appendDeadline() {
        return op(32);
    }

    /// Adds whether there is a data certificate, and the certificate, to the reply.
    public Program appendCertificate() {
        return op(33);
    }

    /// Adds whether the execution is replicated to the reply.
    public Program appendReplicated() {
        return op(34);
    }

    /// Adds whether someone is a controller to the reply.
    public Program appendIsController(byte[] principal) {
        return op(35).blob(principal);
    }

    /// Burns cycles and adds how many to the reply.
    public Program burn(long amount) {
        return op(36).number(amount);
    }

    /// Adds an environment variable's value to the reply.
    public Program appendVariable(String name) {
        return op(37).blob(utf8(name));
    }

    /// Grows the heap by so many pages of 64 KiB.
    public Program growHeap(long pages) {
        return op(38).number(pages);
    }

    /// Adds a performance counter to the reply.
    public Program appendPerformance(int which) {
        return op(39).number(which);
    }

    /// Prints the inspected method's name.
    public Program printMethod() {
        return op(40);
    }

    /// Loops so many times.
    public Program spin(long times) {
        return op(41).number(times);
    }

    /// A call of a program; replies to nothing unless told.
    public static final class Call {
        private final Blob callee;
        private final String method;
        private Blob argument = Blob.EMPTY;
        private Program onReply = start();
        private Program onReject = start();
        private Program onCleanup = start();
        private long cycles;
        private long timeoutSeconds;

        private Call(Blob callee, String method) {
            this.callee = callee;
            this.method = method;
        }

        /// A call of a method.
        public static Call of(CanisterId callee, String method) {
            return new Call(Blob.owning(callee.principal().toBytes()), method);
        }

        /// With this argument.
        public Call with(Blob bytes) {
            argument = bytes;
            return this;
        }

        /// With this program as argument.
        public Call with(Program program) {
            return with(program.bytes());
        }

        /// Runs this on a reply.
        public Call onReply(Program program) {
            onReply = program;
            return this;
        }

        /// Runs this on a reject.
        public Call onReject(Program program) {
            onReject = program;
            return this;
        }

        /// Runs this when the callback traps.
        public Call onCleanup(Program program) {
            onCleanup = program;
            return this;
        }

        /// Attaches cycles.
        public Call cycles(long amount) {
            cycles = amount;
            return this;
        }

        /// Waits at most so long.
        public Call timeout(long seconds) {
            timeoutSeconds = seconds;
            return this;
        }
    }

    /// A number of a reply.
    public static long number(Blob reply, int index) {
        return ByteBuffer.wrap(reply.toBytes()).order(ByteOrder.LITTLE_ENDIAN).getLong(8 * index);
    }
}
