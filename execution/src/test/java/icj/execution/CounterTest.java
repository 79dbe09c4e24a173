package icj.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Digest;
import icj.types.message.IngressBody;

import org.junit.jupiter.api.Test;

final class CounterTest {
    private static final Program INC = Program.start().count(1).appendCounter().reply();
    private static final Program GET = Program.start().appendCounter().reply();

    @Test
    void installsUpdatesAndQueriesACounter() {
        TestSubnet subnet = new TestSubnet();
        CanisterId id = subnet.universalCanister();
        assertEquals(1, Program.number(subnet.reply(id, INC), 0));
        assertEquals(2, Program.number(subnet.reply(id, INC), 0));
        Digest root = subnet.state().root();
        Blob reply = subnet.queried(id, INC);
        assertEquals(3, Program.number(reply, 0));
        assertEquals(2, Program.number(subnet.queried(id, GET), 0));
        assertEquals(root, subnet.state().root());
        subnet.batch();
        assertNotEquals(root, subnet.state().root());
    }

    @Test
    void executesACallOnceHoweverOftenItComes() {
        TestSubnet subnet = new TestSubnet();
        CanisterId id = subnet.universalCanister();
        IngressBody call = subnet.call(id, INC);
        subnet.batch(call, call);
        assertEquals(1, subnet.executed().stats().duplicates());
        subnet.batch(call);
        assertEquals(1, subnet.executed().stats().duplicates());
        assertEquals(1, Program.number(TestSubnet.replied(subnet.status(call)), 0));
        assertEquals(1, Program.number(subnet.queried(id, GET), 0));
    }
}
