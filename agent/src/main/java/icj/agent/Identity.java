package icj.agent;

import icj.candid.Principal;
import icj.crypto.Domain;
import icj.crypto.KeyFormatException;
import icj.crypto.SelfAuthenticating;
import icj.crypto.SigningKey;
import icj.types.Blob;
import icj.types.message.Envelope;
import icj.types.message.RequestContent;
import icj.types.message.SignedDelegation;

import java.util.List;

/// Who sends requests, and how they are signed. Safe for several threads.
public sealed interface Identity {
    /// The sender.
    Principal sender();

    /// The request with what authenticates it.
    ///
    /// @param content whose sender is [#sender]
    Envelope sign(RequestContent content);

    /// The sender that signs nothing, `2vxsx-fae`.
    static Identity anonymous() {
        return new Anonymous();
    }

    /// The owner of a key.
    static Identity of(SigningKey key) {
        return new Keyed(key, key.publicKeyDer(), List.of());
    }

    /// The owner of a key in PEM form: Ed25519, P-256 or secp256k1, PKCS#8 or SEC1.
    ///
    /// @throws KeyFormatException that says what is wrong, without the key
    static Identity fromPem(String pem) throws KeyFormatException {
        return of(SigningKey.fromPem(pem));
    }

    /// The owner of `publicKey`, who lets another key sign.
    ///
    /// @param publicKey DER, the first of the chain
    /// @param chain delegations, the last one to `key`
    /// @param key which signs requests
    static Identity delegated(Blob publicKey, List<SignedDelegation> chain, SigningKey key) {
        return new Keyed(key, publicKey, List.copyOf(chain));
    }

    /// Signs nothing.
    record Anonymous() implements Identity {
        @Override
        public Principal sender() {
            return Principal.ANONYMOUS;
        }

        @Override
        public Envelope sign(RequestContent content) {
            return Envelope.unsigned(content);
        }
    }

    /// Signs with a key.
    ///
    /// @param key which signs
    /// @param publicKey of the sender
    /// @param chain from `publicKey` to `key`; empty when they are the same
    record Keyed(SigningKey key, Blob publicKey, List<SignedDelegation> chain) implements Identity {
        @Override
        public Principal sender() {
            return SelfAuthenticating.principal(publicKey);
        }

        @Override
        public Envelope sign(RequestContent content) {
            Blob signature = key.sign(Domain.request(content.id()));
            return Envelope.of(content, publicKey, signature, chain);
        }

        /// The sender, never the key.
        @Override
        public String toString() {
            return "Keyed[" + sender() + "]";
        }
    }
}
