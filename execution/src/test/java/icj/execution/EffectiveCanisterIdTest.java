package icj.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.message.RequestContent;

import org.junit.jupiter.api.Test;

final class EffectiveCanisterIdTest {
    private static final CanisterId ID = CanisterId.ofNumber((1 << 20) + 5);

    private static CanisterId of(CanisterId receiver, String method, Blob argument) {
        return EffectiveCanisterId.of(
                new RequestContent.Call(TestSubnet.USER, 0, null, receiver, method, argument));
    }

    @Test
    void anOrdinaryCallConcernsItsReceiver() {
        assertEquals(ID, of(ID, "anything", Blob.EMPTY));
    }

    @Test
    void aManagementCallConcernsTheCanisterOfItsArgument() {
        Blob argument =
                TestSubnet.candid("(record { canister_id = principal \"" + ID + "\"; x = 1 })");
        assertEquals(ID, of(CanisterId.MANAGEMENT, "start_canister", argument));
        Blob chunked = TestSubnet.candid("(record { target_canister = principal \"" + ID + "\" })");
        assertEquals(ID, of(CanisterId.MANAGEMENT, "install_chunked_code", chunked));
        assertNull(of(CanisterId.MANAGEMENT, "start_canister", chunked));
        assertNull(of(CanisterId.MANAGEMENT, "start_canister", Blob.of(new byte[] {1, 2})));
    }

    @Test
    void callsThatCreateACanisterConcernNoneYet() {
        Blob argument = TestSubnet.candid("(record {})");
        CanisterId effective =
                of(CanisterId.MANAGEMENT, "provisional_create_canister_with_cycles", argument);
        assertEquals(CanisterId.MANAGEMENT, effective);
        assertTrue(EffectiveCanisterId.matches(ID, effective));
        assertTrue(EffectiveCanisterId.matches(ID, ID));
        assertFalse(EffectiveCanisterId.matches(CanisterId.ofNumber(1), ID));
    }
}
