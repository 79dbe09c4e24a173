package icj.crypto.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.candid.Principal;
import icj.crypto.Domain;
import icj.crypto.EcdsaSigningKey;
import icj.crypto.Ed25519SigningKey;
import icj.crypto.SelfAuthenticating;
import icj.crypto.SigningKey;
import icj.crypto.provider.EcdsaCurve;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.message.Delegation;
import icj.types.message.Envelope;
import icj.types.message.RequestContent;
import icj.types.message.RequestKind;
import icj.types.message.SignedDelegation;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

final class EnvelopeVerifierTest {
    private static final long NOW = 1_700_000_000_000_000_000L;
    private static final long EXPIRY = NOW + 240_000_000_000L;
    private static final CanisterId CANISTER = CanisterId.ofNumber(7);
    private static final CanisterId OTHER = CanisterId.ofNumber(8);

    private static Ed25519SigningKey key() {
        return Ed25519SigningKey.generate(new SecureRandom());
    }

    private static RequestContent call(Principal sender) {
        return new RequestContent.Call(sender, EXPIRY, null, CANISTER, "hello", Blob.EMPTY);
    }

    private static RequestContent query(Principal sender, CanisterId canister) {
        return new RequestContent.Query(sender, EXPIRY, null, canister, "hello", Blob.EMPTY);
    }

    private static Envelope signed(
            RequestContent content, SigningKey first, SigningKey last, SignedDelegation... chain) {
        return Envelope.of(
                content,
                first.publicKeyDer(),
                last.sign(Domain.request(content.id())),
                List.of(chain));
    }

    private static SignedDelegation delegate(
            SigningKey from,
            Blob to,
            long expiration,
            @Nullable List<Principal> targets,
            @Nullable String permissions) {
        Delegation delegation = new Delegation(to, expiration, targets, permissions);
        return new SignedDelegation(delegation, from.sign(Domain.delegation(delegation.hash())));
    }

    private static SignedDelegation delegate(SigningKey from, SigningKey to) {
        return delegate(from, to.publicKeyDer(), NOW, null, null);
    }

    private static Verdict.Valid valid(Envelope envelope) throws Exception {
        Envelope read = Envelope.decode(envelope.bytes(), envelope.content().kind());
        return assertInstanceOf(
                Verdict.Valid.class,
                EnvelopeVerifier.verify(read, NOW),
                () -> EnvelopeVerifier.verify(read, NOW).toString());
    }

    private static void invalid(String fragment, Envelope envelope) {
        Verdict verdict = EnvelopeVerifier.verify(envelope, NOW);
        String reason = assertInstanceOf(Verdict.Invalid.class, verdict).reason();
        assertTrue(reason.contains(fragment), reason);
    }

    @Test
    void eachSchemeSigns() throws Exception {
        for (SigningKey key :
                List.of(
                        key(),
                        EcdsaSigningKey.generate(EcdsaCurve.P256, new SecureRandom()),
                        EcdsaSigningKey.generate(EcdsaCurve.SECP256K1, new SecureRandom()))) {
            Verdict.Valid valid = valid(signed(call(key.principal()), key, key));
            assertEquals(EXPIRY, valid.untilNanos());
            assertNull(valid.targets());
            assertFalse(valid.queriesOnly());
            assertTrue(valid.allows(OTHER.principal()));
        }
    }

    @Test
    void theAnonymousSenderSignsNothing() throws Exception {
        RequestContent content = call(Principal.ANONYMOUS);
        assertEquals(EXPIRY, valid(Envelope.unsigned(content)).untilNanos());
        SigningKey key = key();
        Blob signature = key.sign(Domain.request(content.id()));
        invalid("anonymous", Envelope.of(content, key.publicKeyDer(), null, List.of()));
        invalid("anonymous", Envelope.of(content, null, signature, List.of()));
        invalid("anonymous", Envelope.of(content, null, null, List.of(delegate(key, key()))));
        Envelope empty = Envelope.unsigned(content);
        invalid(
                "anonymous",
                new Envelope(
                        content,
                        empty.id(),
                        null,
                        null,
                        List.of(),
                        true,
                        empty.hash(),
                        empty.bytes()));
    }

    @Test
    void theSenderMustBeThePrincipalOfTheFirstKey() {
        SigningKey key = key();
        SigningKey other = key();
        invalid("not the principal", signed(call(other.principal()), key, key));
        invalid("not the principal", signed(call(CANISTER.principal()), key, key));
        invalid("needed", Envelope.unsigned(call(key.principal())));
        invalid("needed", Envelope.of(call(key.principal()), key.publicKeyDer(), null, List.of()));
    }

    @Test
    void anotherSignatureIsRefused() {
        SigningKey key = key();
        RequestContent content = call(key.principal());
        invalid("signature of the request", signed(content, key, key()));
        Blob ofAnother = key.sign(Domain.request(query(key.principal(), CANISTER).id()));
        invalid(
                "signature of the request",
                Envelope.of(content, key.publicKeyDer(), ofAnother, List.of()));
        Blob withoutDomain = key.sign(content.id().digest().toBytes());
        invalid(
                "signature of the request",
                Envelope.of(content, key.publicKeyDer(), withoutDomain, List.of()));
        invalid(
                "signature of the request",
                Envelope.of(content, key.publicKeyDer(), Blob.EMPTY, List.of()));
    }

    @Test
    void delegationsPassTheRightToSign() throws Exception {
        SigningKey root = key();
        SigningKey middle = EcdsaSigningKey.generate(EcdsaCurve.P256, new SecureRandom());
        SigningKey leaf = key();
        RequestContent content = call(root.principal());
        Verdict.Valid valid =
                valid(
                        signed(
                                content,
                                root,
                                leaf,
                                delegate(root, middle.publicKeyDer(), NOW + 9, null, "all"),
                                delegate(middle, leaf.publicKeyDer(), NOW + 5, null, null)));
        assertEquals(NOW + 5, valid.untilNanos());
        invalid("signature of the request", signed(content, root, root, delegate(root, leaf)));
        invalid("signature of a delegation", signed(content, root, leaf, delegate(middle, leaf)));
    }

    @Test
    void expiredDelegationsAreRefusedAndThoseOfNowAreNot() throws Exception {
        SigningKey root = key();
        SigningKey leaf = key();
        RequestContent content = call(root.principal());
        assertEquals(NOW, valid(signed(content, root, leaf, delegate(root, leaf))).untilNanos());
        SignedDelegation late = delegate(root, leaf.publicKeyDer(), NOW - 1, null, null);
        invalid("expired", signed(content, root, leaf, late));
        // Numbers from 2^63 on are far ahead, not behind.
        SignedDelegation far = delegate(root, leaf.publicKeyDer(), -1, null, null);
        assertEquals(EXPIRY, valid(signed(content, root, leaf, far)).untilNanos());
    }

    @Test
    void aChainHasAtMostTwentyDelegations() throws Exception {
        List<SigningKey> keys = new ArrayList<>();
        List<SignedDelegation> chain = new ArrayList<>();
        keys.add(key());
        for (int i = 1; i <= 21; i++) {
            keys.add(key());
            chain.add(delegate(keys.get(i - 1), keys.get(i)));
        }
        RequestContent content = call(keys.getFirst().principal());
        valid(
                signed(
                        content,
                        keys.get(0),
                        keys.get(20),
                        chain.subList(0, 20).toArray(SignedDelegation[]::new)));
        invalid(
                "more than 20",
                signed(content, keys.get(0), keys.get(21), chain.toArray(SignedDelegation[]::new)));
    }

    @Test
    void noKeyStandsTwice() {
        SigningKey root = key();
        SigningKey leaf = key();
        RequestContent content = call(root.principal());
        invalid("twice", signed(content, root, root, delegate(root, root)));
        invalid("twice", signed(content, root, root, delegate(root, leaf), delegate(leaf, root)));
        SigningKey middle = key();
        invalid(
                "twice",
                signed(
                        content,
                        root,
                        leaf,
                        delegate(root, leaf),
                        delegate(leaf, middle),
                        delegate(middle, leaf)));
    }

    @Test
    void targetsNarrowTheCanistersThatMayBeCalled() throws Exception {
        SigningKey root = key();
        SigningKey middle = key();
        SigningKey leaf = key();
        Principal one = CANISTER.principal();
        Principal two = OTHER.principal();
        SignedDelegation both = delegate(root, middle.publicKeyDer(), NOW, List.of(two, one), null);
        SignedDelegation first = delegate(middle, leaf.publicKeyDer(), NOW, List.of(one), null);
        Envelope envelope = signed(call(root.principal()), root, leaf, both, first);
        assertEquals(List.of(one), valid(envelope).targets());
        assertFalse(valid(envelope).allows(two));
        invalid(
                "do not allow canister " + OTHER,
                signed(query(root.principal(), OTHER), root, leaf, both, first));
        // The management canister must be named itself.
        SignedDelegation toOne = delegate(root, leaf.publicKeyDer(), NOW, List.of(one), null);
        invalid(
                "do not allow canister aaaaa-aa",
                signed(query(root.principal(), CanisterId.MANAGEMENT), root, leaf, toOne));
        SignedDelegation nothing = delegate(root, leaf.publicKeyDer(), NOW, List.of(), null);
        invalid("do not allow", signed(call(root.principal()), root, leaf, nothing));
        // A read is judged by whoever knows the request's receiver.
        RequestContent read =
                new RequestContent.ReadState(root.principal(), EXPIRY, null, List.of());
        assertEquals(List.of(one), valid(signed(read, root, leaf, toOne)).targets());
    }

    @Test
    void permissionsAreAllOrQueries() throws Exception {
        SigningKey root = key();
        SigningKey leaf = key();
        SignedDelegation queries = delegate(root, leaf.publicKeyDer(), NOW, null, "queries");
        invalid("queries only", signed(call(root.principal()), root, leaf, queries));
        assertTrue(
                valid(signed(query(root.principal(), CANISTER), root, leaf, queries))
                        .queriesOnly());
        SignedDelegation odd = delegate(root, leaf.publicKeyDer(), NOW, null, "updates");
        invalid("permissions", signed(call(root.principal()), root, leaf, odd));
        // A later delegation does not widen an earlier one.
        SigningKey last = key();
        invalid(
                "queries only",
                signed(
                        call(root.principal()),
                        root,
                        last,
                        queries,
                        delegate(leaf, last.publicKeyDer(), NOW, null, "all")));
    }

    @Test
    void unsupportedSchemesAreNamed() {
        String cose = "303c300c060a2b0601040183b8430101032c00a5";
        String canister = "303c300c060a2b0601040183b8430102032c0001";
        String rsa = "30819f300d06092a864886f70d010101050003818d00";
        String p384 = "3076301006072a8648ce3d020106052b81040022036200";
        String bls = "308182301d060d2b0601040182dc7c0503010201060c2b0601040182dc7c0503020103";
        String[][] table = {
            {cose, "WebAuthn"},
            {canister, "Canister signatures"},
            {rsa, "RSA"},
            {p384, "EC keys other than"},
            {bls, "BLS12-381"},
            {"00", "supported DER form"},
        };
        for (String[] row : table) {
            Blob der = Blob.fromHex(row[0]);
            RequestContent content = call(SelfAuthenticating.principal(der));
            invalid(row[1], Envelope.of(content, der, Blob.of(new byte[64]), List.of()));
        }
    }

    @Test
    void aKeyOfSmallOrderIsRefused() {
        Blob der = Blob.fromHex("302a300506032b6570032100" + "01" + "00".repeat(31));
        RequestContent content = call(SelfAuthenticating.principal(der));
        // R = identity and s = 0, which lenient verifiers accept for any message.
        byte[] signature = new byte[64];
        signature[0] = 1;
        invalid("small order", Envelope.of(content, der, Blob.of(signature), List.of()));
    }

    @Test
    void kindsOfRequestsShareTheRules() throws Exception {
        SigningKey key = key();
        for (RequestKind kind : RequestKind.values()) {
            RequestContent content =
                    switch (kind) {
                        case CALL -> call(key.principal());
                        case QUERY -> query(key.principal(), CANISTER);
                        case READ_STATE ->
                                new RequestContent.ReadState(
                                        key.principal(), EXPIRY, null, List.of());
                    };
            valid(signed(content, key, key));
        }
    }
}
