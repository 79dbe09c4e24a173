package icj.replica;

import icj.candid.Principal;
import icj.crypto.Domain;
import icj.crypto.Ed25519SigningKey;
import icj.crypto.SigningKey;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.message.Delegation;
import icj.types.message.Envelope;
import icj.types.message.RequestContent;
import icj.types.message.SignedDelegation;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;

/// Requests of a user, right ones, whose parts a test bends.
final class ApiRequests {
    static final long SECOND = 1_000_000_000L;
    static final Blob NO_ARGUMENTS = Blob.fromHex("4449444c0000");
    static final SecureRandom RANDOM = new SecureRandom();

    /// Who asks.
    static final Ed25519SigningKey USER = Ed25519SigningKey.generate(RANDOM);

    /// A key that the user may delegate to.
    static final Ed25519SigningKey SESSION = Ed25519SigningKey.generate(RANDOM);

    private ApiRequests() {}

    static long now() {
        return System.currentTimeMillis() * 1_000_000L;
    }

    static RequestContent.Call call(Principal sender, long expiry, CanisterId to) {
        return new RequestContent.Call(
                sender, expiry, Blob.owning(nonce()), to, "inc", NO_ARGUMENTS);
    }

    static RequestContent.Query query(Principal sender, long expiry, CanisterId to) {
        return new RequestContent.Query(
                sender, expiry, Blob.owning(nonce()), to, "get", NO_ARGUMENTS);
    }

    static RequestContent.ReadState read(Principal sender, List<List<Blob>> paths) {
        return new RequestContent.ReadState(
                sender, now() + 60 * SECOND, Blob.owning(nonce()), paths);
    }

    private static byte[] nonce() {
        byte[] nonce = new byte[16];
        RANDOM.nextBytes(nonce);
        return nonce;
    }

    static Blob signed(
            RequestContent content, Blob publicKey, SigningKey key, List<SignedDelegation> chain) {
        Blob signature = key.sign(Domain.request(content.id()));
        return Envelope.of(content, publicKey, signature, chain).bytes();
    }

    static Blob signed(RequestContent content) {
        return signed(content, USER.publicKeyDer(), USER, List.of());
    }

    static SignedDelegation delegation(
            SigningKey from, Blob to, long expires, List<Principal> targets, String permissions) {
        Delegation delegation = new Delegation(to, expires, targets, permissions);
        return new SignedDelegation(delegation, from.sign(Domain.delegation(delegation.hash())));
    }

    static Blob delegated(RequestContent content, SignedDelegation... chain) {
        return signed(content, USER.publicKeyDer(), SESSION, List.of(chain));
    }

    static Blob label(String text) {
        return Blob.of(text.getBytes(StandardCharsets.UTF_8));
    }

    static Blob id(CanisterId id) {
        return Blob.of(id.principal().toBytes());
    }
}
