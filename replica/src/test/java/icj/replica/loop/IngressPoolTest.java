package icj.replica.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.candid.Principal;
import icj.replica.loop.IngressPool.Admission;
import icj.replica.metrics.Metrics;
import icj.testing.Prng;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.NodeId;
import icj.types.RequestId;
import icj.types.message.Envelope;
import icj.types.message.IngressBody;
import icj.types.message.RequestContent;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

final class IngressPoolTest {
    private static final long NOW = 1_700_000_000_000_000_000L;
    private static final long MINUTE = 60_000_000_000L;
    private static final NodeId PEER = new NodeId(Principal.of(new byte[] {7, 2}));
    private static final NodeId OTHER = new NodeId(Principal.of(new byte[] {8, 2}));
    private static final Predicate<RequestId> NOTHING = _ -> false;

    private int nonce;

    private static IngressPool pool(IngressLimits limits) {
        Metrics metrics = new Metrics();
        return new IngressPool(limits, metrics);
    }

    private Envelope call(long canister, long expiry, int argBytes) {
        return Envelope.unsigned(
                new RequestContent.Call(
                        Principal.ANONYMOUS,
                        expiry,
                        Blob.of(new byte[] {(byte) (nonce >> 8), (byte) nonce++}),
                        CanisterId.ofNumber(canister),
                        "m",
                        Blob.of(new byte[argBytes])));
    }

    private static IngressPayload payload(long bytesMax, long callsMax) {
        return new IngressPayload(NOW, 1 << 20, bytesMax, callsMax, NOTHING);
    }

    private static long canisterOf(IngressBody body, List<Envelope> envelopes) {
        for (Envelope envelope : envelopes) {
            if (envelope.id().equals(body.id())) {
                return ((RequestContent.Call) envelope.content()).canister().number();
            }
        }
        throw new AssertionError("a body from nowhere");
    }

    @Test
    void canistersTakeTurns() {
        IngressPool pool = pool(IngressLimits.STANDARD);
        List<Envelope> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(call(1, NOW + MINUTE, 10));
        }
        all.add(call(2, NOW + MINUTE, 10));
        all.add(call(3, NOW + MINUTE, 10));
        for (Envelope envelope : all) {
            assertEquals(Admission.ADDED, pool.offer(envelope, NOW + MINUTE, null));
        }
        IngressPayload payload = payload(1 << 20, 5);
        pool.fill(payload);
        List<Long> order = new ArrayList<>();
        for (IngressBody body : payload.bodies()) {
            order.add(canisterOf(body, all));
        }
        assertEquals(List.of(1L, 2L, 3L, 1L, 1L), order);
    }

    @Test
    void whatOneBuildsAnotherAcceptsWhateverTheMixture() {
        Prng prng = Prng.of(11);
        for (int round = 0; round < 50; round++) {
            IngressPool pool = pool(IngressLimits.STANDARD);
            Set<RequestId> taken = new TreeSet<>();
            for (int i = 0; i < 100; i++) {
                long expiry = NOW + prng.between(-MINUTE, 6 * MINUTE);
                Envelope envelope = call(prng.below(5), expiry, prng.below(400));
                long until = Math.min(expiry, NOW + prng.between(-MINUTE, 6 * MINUTE));
                pool.offer(envelope, until, null);
                if (prng.chance(0.2)) {
                    taken.add(envelope.id());
                }
            }
            long bytesMax = 2_000 + prng.below(20_000);
            long callsMax = 1 + prng.below(60);
            IngressPayload built =
                    new IngressPayload(NOW, 1 << 20, bytesMax, callsMax, taken::contains);
            pool.fill(built);
            IngressPayload checked =
                    new IngressPayload(NOW, 1 << 20, bytesMax, callsMax, taken::contains);
            for (IngressBody body : built.bodies()) {
                IngressPool.Verdict verdict = pool.verdict(body.hash());
                assertNotNull(verdict);
                assertNull(checked.add(body, verdict));
            }
            assertTrue(built.bytes() <= bytesMax);
            assertTrue(built.bodies().size() <= callsMax);
        }
    }

    @Test
    void payloadsRefuseWhatTheRulesForbid() {
        Envelope good = call(1, NOW + MINUTE, 10);
        IngressBody body = new IngressBody(good.id(), good.hash(), good.bytes());
        IngressPool.Verdict verdict =
                new IngressPool.Verdict(good.id(), NOW + MINUTE, NOW + MINUTE);
        assertNull(payload(1_000, 10).add(body, verdict));
        assertNotNull(payload(10, 10).add(body, verdict), "bytes");
        assertNotNull(payload(1_000, 0).add(body, verdict), "calls");
        assertNotNull(
                new IngressPayload(NOW, 10, 1_000, 10, NOTHING).add(body, verdict),
                "bytes of one call");
        assertNotNull(
                new IngressPayload(NOW, 1_000, 1_000, 10, id -> id.equals(good.id()))
                        .add(body, verdict),
                "included before");
        IngressPayload twice = payload(1_000, 10);
        assertNull(twice.add(body, verdict));
        assertNotNull(twice.add(body, verdict), "twice in one block");
        assertNotNull(refused(good, NOW - 1, NOW - 1), "expired");
        assertNotNull(refused(good, NOW + 5 * MINUTE + 1, NOW + MINUTE), "too far ahead");
        assertNotNull(refused(good, NOW + MINUTE, NOW - 1), "delegation expired");
        assertNull(refused(good, NOW, NOW), "the last moment counts");
        assertNull(refused(good, NOW + 5 * MINUTE, NOW + 5 * MINUTE), "five minutes count");
        Envelope other = call(1, NOW + MINUTE, 10);
        assertNotNull(
                payload(1_000, 10)
                        .add(body, new IngressPool.Verdict(other.id(), NOW + MINUTE, NOW + MINUTE)),
                "another id than the envelope's");
    }

    private static String refused(Envelope envelope, long expiry, long until) {
        return payload(1_000, 10)
                .add(
                        new IngressBody(envelope.id(), envelope.hash(), envelope.bytes()),
                        new IngressPool.Verdict(envelope.id(), expiry, until));
    }

    @Test
    void onePeerCannotFillThePool() {
        IngressPool pool = pool(new IngressLimits(10, 1 << 20, 4, 1 << 19, 100));
        for (int i = 0; i < 4; i++) {
            assertEquals(Admission.ADDED, pool.offer(call(1, NOW, 1), NOW, PEER));
        }
        Envelope more = call(1, NOW, 1);
        assertEquals(Admission.OVER_QUOTA, pool.offer(more, NOW, PEER));
        assertEquals(Admission.ADDED, pool.offer(more, NOW, OTHER));
        for (int i = 0; i < 5; i++) {
            assertEquals(Admission.ADDED, pool.offer(call(2, NOW, 1), NOW, null));
        }
        assertEquals(Admission.FULL, pool.offer(call(2, NOW, 1), NOW, null));
        assertEquals(Admission.DUPLICATE, pool.offer(more, NOW, null));
    }

    @Test
    void bytesAreBoundedToo() {
        IngressPool pool = pool(new IngressLimits(10, 2_000, 4, 900, 100));
        assertEquals(Admission.OVER_QUOTA, pool.offer(call(1, NOW, 1_000), NOW, PEER));
        assertEquals(Admission.ADDED, pool.offer(call(1, NOW, 1_500), NOW, null));
        assertEquals(Admission.FULL, pool.offer(call(1, NOW, 500), NOW, null));
    }

    @Test
    void deliveredAndExpiredCallsLeaveAndMakeRoom() {
        IngressPool pool = pool(new IngressLimits(2, 1 << 20, 1, 1 << 19, 100));
        Envelope first = call(1, NOW + MINUTE, 1);
        Envelope second = call(1, NOW + 3 * MINUTE, 1);
        pool.offer(first, NOW + MINUTE, PEER);
        pool.offer(second, NOW + 3 * MINUTE, null);
        pool.expire(NOW + 2 * MINUTE);
        assertEquals(1, pool.size());
        pool.delivered(List.of(new IngressBody(second.id(), second.hash(), second.bytes())));
        assertEquals(0, pool.size());
        assertEquals(Admission.ADDED, pool.offer(call(1, NOW + 4 * MINUTE, 1), NOW + MINUTE, PEER));
        assertNotNull(pool.verdict(first.hash()), "verdicts outlive their calls");
    }

    @Test
    void onlyCallsThatABlockMayTakeMakeDemand() {
        IngressPool pool = pool(IngressLimits.STANDARD);
        Envelope later = call(1, NOW + 6 * MINUTE, 1);
        pool.offer(later, NOW + 6 * MINUTE, null);
        assertEquals(0, pool.level(NOW + 5 * MINUTE).calls());
        assertEquals(1, pool.level(NOW + 7 * MINUTE).calls());
        Envelope now = call(1, NOW + MINUTE, 1);
        pool.offer(now, NOW + MINUTE, null);
        assertEquals(1, pool.level(NOW + 5 * MINUTE).calls());
        pool.proposed(List.of(new IngressBody(now.id(), now.hash(), now.bytes())));
        assertEquals(0, pool.level(NOW + 5 * MINUTE).calls());
        IngressPayload payload = payload(1_000, 10);
        pool.fill(payload);
        assertEquals(1, payload.bodies().size(), "a proposed call may stand in another block");
    }
}
