package icj.crypto.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class ExpiryRuleTest {
    private static final long NOW = 1_700_000_000_000_000_000L;
    private static final long LATEST = NOW + 330_000_000_000L;

    @Test
    void fromNowToFiveAndAHalfMinutesIsTaken() {
        assertNull(ExpiryRule.refusal(NOW, NOW));
        assertNull(ExpiryRule.refusal(LATEST, NOW));
    }

    @Test
    void whatIsRefusedBeginsAsAgentsExpect() {
        for (long expiry : new long[] {0, NOW - 1, LATEST + 1, Long.MAX_VALUE, -1}) {
            String refusal = ExpiryRule.refusal(expiry, NOW);
            assertTrue(refusal != null && refusal.startsWith("Invalid request expiry: "), refusal);
        }
        assertEquals(
                "Invalid request expiry: the request expires at 18446744073709551615 ns, allowed"
                        + " here are 1700000000000000000 to 1700000330000000000 ns since 1970",
                ExpiryRule.refusal(-1, NOW));
    }
}
