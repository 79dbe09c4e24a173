package icj.crypto;

import icj.crypto.bls.Combination;
import icj.crypto.bls.KeyDealer;
import icj.crypto.bls.MessagePoint;
import icj.crypto.bls.SecretShare;
import icj.crypto.bls.SignatureShare;
import icj.crypto.bls.ThresholdKey;
import icj.crypto.certificate.HashTree;
import icj.crypto.certificate.TreeHasher;
import icj.crypto.ingress.EnvelopeVerifier;
import icj.crypto.ingress.Verdict;
import icj.crypto.provider.EcdsaCurve;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Digest;
import icj.types.message.Envelope;
import icj.types.message.RequestContent;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Prints what the operations cost, in microseconds of this thread's processor time: the median of
/// several rounds after warming up. Run by hand; asserts nothing about time.
public final class CryptoBench {
    private static final int ROUNDS = 9;
    private static final long ROUND_NANOS = 150_000_000L;

    private CryptoBench() {}

    private static void measure(String what, BooleanSupplier operation) {
        java.lang.management.ThreadMXBean threads =
                java.lang.management.ManagementFactory.getThreadMXBean();
        double[] micros = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long start = threads.getCurrentThreadCpuTime();
            long end = start;
            int count = 0;
            while (end - start < ROUND_NANOS) {
                if (!operation.getAsBoolean()) {
                    throw new AssertionError(what);
                }
                count++;
                end = threads.getCurrentThreadCpuTime();
            }
            micros[round] = (end - start) / 1e3 / count;
        }
        java.util.Arrays.sort(micros);
        System.out.printf("%-52s %9.1f%n", what, micros[ROUNDS / 2]);
    }

    public static void main(String[] args) throws Exception {
        bls(4, 3);
        bls(13, 9);
        keys();
        trees();
    }

    private static void bls(int members, int threshold) {
        KeyDealer.Dealing dealing = KeyDealer.deal(members, threshold, new SecureRandom());
        ThresholdKey key = dealing.key();
        SecretShare share = dealing.shares().getFirst();
        byte[] message = new byte[46];
        MessagePoint point = MessagePoint.of(message);
        List<SignatureShare> shares = new ArrayList<>();
        for (SecretShare one : dealing.shares().subList(0, threshold)) {
            shares.add(one.sign(point));
        }
        Blob signature = ((Combination.Combined) key.combine(point, shares)).signature();
        ByteBuffer counter = ByteBuffer.wrap(new byte[46]);
        String shape = "bls n=" + members + ": ";
        measure(
                shape + "hash to curve",
                () -> {
                    counter.putLong(8, counter.getLong(8) + 1);
                    return MessagePoint.of(counter.array()) != null;
                });
        measure(shape + "sign a share, H(m) known", () -> share.sign(point) != null);
        measure(shape + "verify, H(m) known", () -> key.publicKey().verify(point, signature));
        measure(shape + "verify a share", () -> key.verifyShare(point, shares.getFirst()));
        measure(
                shape + "combine " + threshold + " shares and verify once",
                () -> key.combine(point, shares) instanceof Combination.Combined);
    }

    private static void keys() throws Exception {
        byte[] message = new byte[46];
        Ed25519SigningKey ed25519 = Ed25519SigningKey.generate(new SecureRandom());
        signing("ed25519: ", ed25519, message);
        for (EcdsaCurve curve : EcdsaCurve.values()) {
            signing(
                    curve.toString().toLowerCase() + ": ",
                    EcdsaSigningKey.generate(curve, new SecureRandom()),
                    message);
        }
        RequestContent content =
                new RequestContent.Call(
                        ed25519.principal(), 1, null, CanisterId.ofNumber(1), "inc", Blob.EMPTY);
        Envelope envelope =
                Envelope.of(
                        content,
                        ed25519.publicKeyDer(),
                        ed25519.sign(Domain.request(content.id())),
                        List.of());
        measure(
                "envelope by ed25519: verify",
                () -> EnvelopeVerifier.verify(envelope, 0) instanceof Verdict.Valid);
        measure(
                "principal of a key",
                () -> SelfAuthenticating.principal(ed25519.publicKeyDer()) != null);
    }

    private static void signing(String name, SigningKey key, byte[] message) throws Exception {
        VerifyingKey publicKey = VerifyingKey.fromDer(key.publicKeyDer());
        Blob signature = key.sign(message);
        Blob bad = Blob.of(new byte[64]);
        measure(name + "sign", () -> key.sign(message) != null);
        measure(name + "verify", () -> publicKey.verify(message, signature));
        measure(name + "refuse", () -> !publicKey.verify(message, bad));
        measure(
                name + "parse and verify",
                () -> {
                    try {
                        return VerifyingKey.fromDer(key.publicKeyDer()).verify(message, signature);
                    } catch (KeyFormatException e) {
                        return false;
                    }
                });
    }

    private static void trees() {
        TreeHasher hasher = new TreeHasher();
        Digest digest = hasher.leaf(Blob.EMPTY);
        measure(
                "hash tree: 1,000 forks",
                () -> {
                    Digest at = digest;
                    for (int i = 0; i < 1_000; i++) {
                        at = hasher.fork(at, digest);
                    }
                    return at != null;
                });
        HashTree tree = HashTree.EMPTY;
        for (int i = 0; i < 30; i++) {
            tree = new HashTree.Fork(tree, new HashTree.Pruned(digest));
        }
        HashTree deep = tree;
        measure("hash tree: encode 30 forks", () -> deep.encode().length() > 0);
    }
}
