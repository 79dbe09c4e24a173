package icj.execution.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.execution.TestSubnet;
import icj.execution.canister.Backlog;
import icj.execution.canister.CanisterDraft;
import icj.execution.wasm.Guest;
import icj.execution.wasm.GuestTrap;
import icj.execution.wasm.Ic0;
import icj.execution.wasm.SpillFile;
import icj.execution.wasm.Trap;
import icj.state.model.CanisterSettings;
import icj.testing.Golden;
import icj.types.CanisterId;
import icj.types.Cycles;

import org.junit.jupiter.api.Test;

import java.util.List;

final class ApiTableTest {
    @Test
    void everyFunctionMayBeCalledSomewhere() {
        // That each has code is checked when the table is made.
        for (Ic0 function : Ic0.values()) {
            boolean callable = false;
            for (ApiContext context : ApiContext.values()) {
                callable |= ApiTable.INSTANCE.allows(function, context);
            }
            assertTrue(callable, function.importName());
        }
    }

    /// The golden file is compared by eye with the table of the interface digest, section 3.
    @Test
    void contextsAreThoseOfTheInterface() {
        StringBuilder text = new StringBuilder();
        for (Ic0 function : Ic0.values()) {
            text.append(function.importName()).append(':');
            for (ApiContext context : ApiContext.values()) {
                if (ApiTable.INSTANCE.allows(function, context)) {
                    text.append(' ').append(context.label());
                }
            }
            text.append('\n');
        }
        Golden.check("ic0-contexts.txt", text.toString());
    }

    @Test
    void aWrongContextTrapsAndNamesTheFunction() {
        TestSubnet subnet = new TestSubnet();
        CanisterDraft canister =
                new CanisterDraft(
                        CanisterId.ofNumber(1),
                        CanisterSettings.defaults(List.of()),
                        Cycles.ZERO,
                        0,
                        1,
                        Backlog.ofQuery());
        int refused = 0;
        for (Ic0 function : Ic0.values()) {
            for (ApiContext context : ApiContext.values()) {
                if (ApiTable.INSTANCE.allows(function, context)) {
                    continue;
                }
                Execution execution =
                        new Execution(
                                ExecutionInput.of(context, canister, subnet.settings(), 0, 1));
                GuestTrap trap =
                        assertThrows(
                                GuestTrap.class,
                                () -> execution.call(function, new long[8], new NoGuest()));
                assertEquals(Trap.CONTRACT_VIOLATION, trap.trap().code());
                assertTrue(trap.trap().message().contains(function.importName()));
                refused++;
            }
        }
        assertTrue(refused > 300, "only " + refused);
    }

    /// A guest without memory.
    private static final class NoGuest implements Guest {
        @Override
        public byte[] read(long address, long size) {
            throw new AssertionError();
        }

        @Override
        public void write(long address, byte[] bytes) {
            throw new AssertionError();
        }

        @Override
        public void write(long address, byte[] bytes, int offset, int size) {
            throw new AssertionError();
        }

        @Override
        public void check(long address, long size) {
            throw new AssertionError();
        }

        @Override
        public void charge(long instructions) {
            throw new AssertionError();
        }

        @Override
        public void takePage() {
            throw new AssertionError();
        }

        @Override
        public SpillFile openSpill() {
            throw new AssertionError();
        }

        @Override
        public long instructionsUsed() {
            throw new AssertionError();
        }

        @Override
        public long heapPages() {
            return 0;
        }

        @Override
        public boolean memory64() {
            return false;
        }
    }
}
