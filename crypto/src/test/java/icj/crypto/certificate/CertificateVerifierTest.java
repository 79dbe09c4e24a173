package icj.crypto.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.candid.Principal;
import icj.crypto.Domain;
import icj.crypto.bls.Combination;
import icj.crypto.bls.KeyDealer;
import icj.crypto.bls.MessagePoint;
import icj.crypto.bls.SignatureShare;
import icj.crypto.bls.SubnetKeys;
import icj.crypto.certificate.HashTree.Fork;
import icj.crypto.certificate.HashTree.Labeled;
import icj.crypto.certificate.HashTree.Leaf;
import icj.crypto.certificate.HashTree.Pruned;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Digest;
import icj.types.SubnetId;
import icj.wire.Leb128;
import icj.wire.MalformedException;

import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

final class CertificateVerifierTest {
    private static final long NOW = 1_700_000_000_000_000_000L;
    private static final long MINUTE = 60_000_000_000L;
    private static final long DAY = 86_400_000_000_000L;

    private final KeyDealer.Dealing root = KeyDealer.deal(4, 3, new SecureRandom());
    private final KeyDealer.Dealing subnet = KeyDealer.deal(7, 5, new SecureRandom());
    private final SubnetId rootId = SubnetKeys.subnetId(root.key().publicKey());
    private final SubnetId subnetId = SubnetKeys.subnetId(subnet.key().publicKey());
    private final CertificateVerifier verifier = new CertificateVerifier(root.key().publicKey());

    private static Principal canister(long number) {
        return CanisterId.ofNumber(number).principal();
    }

    private static CanisterRanges ranges(long first, long last) {
        return new CanisterRanges(
                List.of(new CanisterRanges.Range(canister(first), canister(last))));
    }

    private static Blob sign(KeyDealer.Dealing key, HashTree tree) {
        MessagePoint message = MessagePoint.of(Domain.stateRoot(tree.digest()));
        List<SignatureShare> shares = new ArrayList<>();
        for (int i = 0; i < key.key().threshold(); i++) {
            shares.add(key.shares().get(i).sign(message));
        }
        return ((Combination.Combined) key.key().combine(message, shares)).signature();
    }

    private static HashTree time(long nanos) {
        return new Labeled(HashTree.label("time"), new Leaf(Blob.of(Leb128.unsigned(nanos))));
    }

    private static HashTree label(Blob name, HashTree tree) {
        return new Labeled(name, tree);
    }

    private static HashTree label(String name, HashTree tree) {
        return new Labeled(HashTree.label(name), tree);
    }

    private static HashTree state(long timeNanos) {
        return new Fork(label("request_status", new Pruned(Digest.ZERO)), time(timeNanos));
    }

    private static Certificate certify(
            KeyDealer.Dealing key, HashTree tree, SubnetDelegation delegation) {
        return new Certificate(tree, sign(key, tree), delegation);
    }

    /// The subnet's entry with ranges beside the key.
    private HashTree flat(CanisterRanges ranges) {
        return label(
                "subnet",
                label(
                        id(),
                        new Fork(
                                label("canister_ranges", new Leaf(ranges.encode())),
                                label("public_key", publicKey()))));
    }

    private Blob id() {
        return Blob.of(subnetId.principal().toBytes());
    }

    private HashTree publicKey() {
        return new Leaf(subnet.key().publicKey().der());
    }

    private SubnetDelegation delegation(HashTree subnetPart, long timeNanos) {
        HashTree tree = new Fork(subnetPart, time(timeNanos));
        return new SubnetDelegation(subnetId, certify(root, tree, null).encode());
    }

    private CertificateVerdict.Valid valid(Certificate certificate, long now) throws Exception {
        Certificate read = Certificate.decode(certificate.encode());
        assertEquals(certificate, read);
        return assertInstanceOf(CertificateVerdict.Valid.class, verifier.verify(read, now));
    }

    private void invalid(String fragment, Certificate certificate, long now) {
        CertificateVerdict verdict = verifier.verify(certificate, now);
        String reason = assertInstanceOf(CertificateVerdict.Invalid.class, verdict).reason();
        assertTrue(reason.contains(fragment), reason);
    }

    @Test
    void theRootSubnetSpeaksForItself() throws Exception {
        CertificateVerdict.Valid valid = valid(certify(root, state(NOW), null), NOW);
        assertEquals(rootId, valid.subnet());
        assertEquals(rootId, verifier.rootSubnet());
        assertEquals(NOW, valid.timeNanos());
        assertNull(valid.ranges());
        assertTrue(valid.covers(canister(5)));
    }

    @Test
    void aDelegationWithFlatRangesLetsASubnetSpeakForItsCanisters() throws Exception {
        SubnetDelegation delegation = delegation(flat(ranges(100, 199)), NOW - 29 * DAY);
        CertificateVerdict.Valid valid = valid(certify(subnet, state(NOW), delegation), NOW);
        assertEquals(subnetId, valid.subnet());
        assertTrue(valid.covers(canister(100)));
        assertTrue(valid.covers(canister(199)));
        assertFalse(valid.covers(canister(200)));
        assertFalse(valid.covers(canister(99)));
        assertFalse(valid.covers(Principal.MANAGEMENT));
    }

    @Test
    void aDelegationWithShardedRangesDoesSoToo() throws Exception {
        HashTree shards =
                label(
                        "canister_ranges",
                        label(
                                id(),
                                new Fork(
                                        new Pruned(Digest.ZERO),
                                        label(
                                                Blob.of(canister(300).toBytes()),
                                                new Leaf(ranges(300, 399).encode())))));
        HashTree part =
                new Fork(shards, label("subnet", label(id(), label("public_key", publicKey()))));
        CertificateVerdict.Valid valid =
                valid(certify(subnet, state(NOW), delegation(part, NOW)), NOW);
        assertTrue(valid.covers(canister(350)));
        assertFalse(valid.covers(canister(150)));
    }

    @Test
    void timeMustBeNear() throws Exception {
        Certificate certificate = certify(root, state(NOW), null);
        valid(certificate, NOW + 5 * MINUTE);
        valid(certificate, NOW - 5 * MINUTE);
        invalid("old", certificate, NOW + 5 * MINUTE + 1);
        invalid("ahead", certificate, NOW - 5 * MINUTE - 1);
        assertInstanceOf(CertificateVerdict.Valid.class, verifier.verifyTimeless(certificate));
        invalid("no time", certify(root, label("x", HashTree.EMPTY), null), NOW);
        HashTree nonsense = label("time", new Leaf(Blob.fromHex("8000ff")));
        invalid("no time", certify(root, nonsense, null), NOW);
    }

    @Test
    void aDelegationExpiresAfterThirtyDaysAlsoWhenItIsKnown() throws Exception {
        SubnetDelegation delegation = delegation(flat(ranges(1, 2)), NOW);
        valid(certify(subnet, state(NOW + 30 * DAY), delegation), NOW + 30 * DAY);
        Certificate late = certify(subnet, state(NOW + 30 * DAY + 1), delegation);
        invalid("30 days", late, NOW + 30 * DAY + 1);
    }

    @Test
    void forgeriesAreRefused() {
        HashTree tree = state(NOW);
        invalid("signature", certify(subnet, tree, null), NOW);
        invalid("signature", new Certificate(tree, Blob.EMPTY, null), NOW);
        Blob otherSignature = sign(root, state(NOW + 1));
        invalid("signature", new Certificate(tree, otherSignature, null), NOW);

        SubnetDelegation good = delegation(flat(ranges(1, 2)), NOW);
        invalid("signature", certify(root, tree, good), NOW);
        // The subnet delegates to itself.
        HashTree own = new Fork(flat(ranges(1, 2)), time(NOW));
        invalid(
                "signature",
                certify(
                        subnet,
                        tree,
                        new SubnetDelegation(subnetId, certify(subnet, own, null).encode())),
                NOW);
        // A delegation for another subnet's name.
        invalid(
                "public key",
                certify(subnet, tree, new SubnetDelegation(rootId, good.certificate())),
                NOW);
        // Nested delegations.
        invalid(
                "of its own",
                certify(
                        subnet,
                        tree,
                        new SubnetDelegation(subnetId, certify(subnet, own, good).encode())),
                NOW);
        invalid(
                "malformed",
                certify(subnet, tree, new SubnetDelegation(subnetId, Blob.fromHex("00"))),
                NOW);
        HashTree rangeless = label("subnet", label(id(), label("public_key", publicKey())));
        invalid("no canister ranges", certify(subnet, tree, delegation(rangeless, NOW)), NOW);
        HashTree keyless =
                label("subnet", label(id(), label("public_key", new Leaf(Blob.of(new byte[133])))));
        invalid("malformed", certify(subnet, tree, delegation(keyless, NOW)), NOW);
    }

    @Test
    void rangesHaveTheEncodingOfTheSpecification() throws Exception {
        CanisterRanges ranges = ranges(0x10_0000, 0x1f_ffff);
        assertEquals(
                Blob.fromHex("d9d9f781824a000000000010000001014a00000000001fffff0101"),
                ranges.encode());
        assertEquals(ranges, CanisterRanges.decode(ranges.encode()));
        assertThrows(MalformedException.class, () -> CanisterRanges.decode(Blob.fromHex("8181")));
        assertThrows(MalformedException.class, () -> CanisterRanges.decode(Blob.fromHex("818140")));
    }

    @Test
    void theTagIsOptionalAndFieldsAreNamedWhenWrong() throws Exception {
        Certificate certificate = certify(root, state(NOW), null);
        Blob encoded = certificate.encode();
        assertEquals(Blob.fromHex("d9d9f7"), encoded.slice(0, 3));
        assertEquals(certificate, Certificate.decode(encoded.slice(3, encoded.length())));
        MalformedException missing =
                assertThrows(
                        MalformedException.class,
                        () -> Certificate.decode(Blob.fromHex("a1647472656580")));
        assertTrue(missing.getMessage().contains("hash tree"), missing.getMessage());
        MalformedException unsigned =
                assertThrows(
                        MalformedException.class,
                        () -> Certificate.decode(Blob.fromHex("a164747265658100")));
        assertTrue(unsigned.getMessage().contains("signature"), unsigned.getMessage());
    }
}
