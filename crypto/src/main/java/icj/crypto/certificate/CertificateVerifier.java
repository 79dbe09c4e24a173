package icj.crypto.certificate;

import icj.crypto.Domain;
import icj.crypto.KeyFormatException;
import icj.crypto.bls.BlsPublicKey;
import icj.crypto.bls.SubnetKeys;
import icj.types.Blob;
import icj.types.Lookup;
import icj.types.SubnetId;
import icj.wire.ByteReader;
import icj.wire.Leb128;
import icj.wire.MalformedException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Verifies certificates against the key of the root subnet, by the rules that agents use: the
/// signature over the tree's root, a delegation (one at most, signed by the root subnet, 30 days
/// old at most) when another subnet signed, and a time near the present.
///
/// Verified delegations are remembered, so that a certificate costs one pairing check (about 0.8
/// milliseconds). Safe for several threads.
public final class CertificateVerifier {
    /// How far a certificate's time may be from that of whoever verifies it: 5 minutes.
    public static final long TIME_OFFSET_MAX_NANOS = 300_000_000_000L;

    /// How old a delegation may be: 30 days.
    public static final long DELEGATION_AGE_MAX_NANOS = 30L * 86_400 * 1_000_000_000;

    private static final Blob TIME = HashTree.label("time");
    private static final Blob SUBNET = HashTree.label("subnet");
    private static final Blob PUBLIC_KEY = HashTree.label("public_key");
    private static final Blob CANISTER_RANGES = HashTree.label("canister_ranges");

    /// A network has few subnets, whose delegations change once a day; beyond this all are
    /// forgotten.
    private static final int DELEGATIONS_REMEMBERED = 256;

    private final BlsPublicKey rootKey;
    private final SubnetId rootSubnet;
    private final Lookup<Blob, Delegate> delegates = new Lookup<>();

    /// @param rootKey of the network's root subnet
    public CertificateVerifier(BlsPublicKey rootKey) {
        this.rootKey = rootKey;
        this.rootSubnet = SubnetKeys.subnetId(rootKey);
    }

    /// A verifier for a root key as networks publish it.
    ///
    /// @param rootKeyDer 133 bytes
    /// @throws KeyFormatException when it is no such key
    public static CertificateVerifier of(Blob rootKeyDer) throws KeyFormatException {
        return new CertificateVerifier(BlsPublicKey.fromDer(rootKeyDer));
    }

    /// The subnet of the root key.
    public SubnetId rootSubnet() {
        return rootSubnet;
    }

    /// A subnet that the root subnet vouches for.
    private record Delegate(
            SubnetId subnet, BlsPublicKey key, CanisterRanges ranges, long timeNanos) {}

    /// Carries the reason out of nested checks.
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String reason) {
            super(reason);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /// Verifies everything but that the subnet may speak for the canister in question: ask
    /// [CertificateVerdict.Valid#covers].
    ///
    /// @param nowNanos nanoseconds since 1970
    public CertificateVerdict verify(Certificate certificate, long nowNanos) {
        try {
            CertificateVerdict.Valid valid = verifySignatures(certificate);
            checkAge(certificate, valid.timeNanos(), nowNanos);
            return valid;
        } catch (Refused e) {
            return new CertificateVerdict.Invalid(e.reason());
        }
    }

    /// Verifies the signatures alone: for certificates of any age, as those that a node keeps.
    public CertificateVerdict verifyTimeless(Certificate certificate) {
        try {
            return verifySignatures(certificate);
        } catch (Refused e) {
            return new CertificateVerdict.Invalid(e.reason());
        }
    }

    private CertificateVerdict.Valid verifySignatures(Certificate certificate) throws Refused {
        SubnetDelegation delegation = certificate.delegation();
        BlsPublicKey key = rootKey;
        SubnetId subnet = rootSubnet;
        CanisterRanges ranges = null;
        if (delegation != null) {
            Delegate delegate = delegate(delegation);
            key = delegate.key;
            subnet = delegate.subnet;
            ranges = delegate.ranges;
        }
        long time = time(certificate.tree());
        checkSignature(certificate, key);
        return new CertificateVerdict.Valid(subnet, time, ranges);
    }

    private void checkAge(Certificate certificate, long timeNanos, long nowNanos) throws Refused {
        long offset = nowNanos - timeNanos;
        if (offset > TIME_OFFSET_MAX_NANOS) {
            throw new Refused(
                    "The certificate is " + seconds(offset) + " seconds old, more than 5 minutes");
        }
        if (offset < -TIME_OFFSET_MAX_NANOS) {
            throw new Refused(
                    "The certificate is " + seconds(-offset) + " seconds ahead of the clock here");
        }
        SubnetDelegation delegation = certificate.delegation();
        if (delegation != null
                && nowNanos - delegate(delegation).timeNanos > DELEGATION_AGE_MAX_NANOS) {
            throw new Refused("The delegation is older than 30 days");
        }
    }

    private static long seconds(long nanos) {
        return nanos / 1_000_000_000;
    }

    private Delegate delegate(SubnetDelegation delegation) throws Refused {
        Delegate known;
        synchronized (delegates) {
            known = delegates.get(delegation.certificate());
        }
        if (known == null || !known.subnet.equals(delegation.subnet())) {
            known = verifyDelegation(delegation);
            synchronized (delegates) {
                if (delegates.size() >= DELEGATIONS_REMEMBERED) {
                    delegates.clear();
                }
                delegates.put(delegation.certificate(), known);
            }
        }
        return known;
    }

    private Delegate verifyDelegation(SubnetDelegation delegation) throws Refused {
        Certificate certificate;
        try {
            certificate = Certificate.decode(delegation.certificate());
        } catch (MalformedException e) {
            throw new Refused("The delegation is malformed: " + e.getMessage());
        }
        if (certificate.delegation() != null) {
            throw new Refused("The delegation's certificate has a delegation of its own");
        }
        checkSignature(certificate, rootKey);
        HashTree tree = certificate.tree();
        Blob id = Blob.owning(delegation.subnet().principal().toBytes());
        Blob der = tree.value(List.of(SUBNET, id, PUBLIC_KEY));
        if (der == null) {
            throw new Refused("The delegation does not reveal the public key of its subnet");
        }
        try {
            return new Delegate(
                    delegation.subnet(), BlsPublicKey.fromDer(der), ranges(tree, id), time(tree));
        } catch (KeyFormatException e) {
            throw new Refused("The delegation's public key is malformed");
        } catch (MalformedException e) {
            throw new Refused("The delegation's canister ranges are malformed");
        }
    }

    /// The ranges of a subnet in either form: `/subnet/ID/canister_ranges`, or the shards under
    /// `/canister_ranges/ID` that are revealed.
    private static CanisterRanges ranges(HashTree tree, Blob id)
            throws MalformedException, Refused {
        CanisterRanges ranges = null;
        Blob flat = tree.value(List.of(SUBNET, id, CANISTER_RANGES));
        if (flat != null) {
            ranges = CanisterRanges.decode(flat);
        }
        List<Blob> shards = new ArrayList<>();
        if (tree.find(List.of(CANISTER_RANGES, id))
                instanceof HashTree.Finding.Found(HashTree under)) {
            collectShards(under, shards);
        }
        for (Blob shard : shards) {
            CanisterRanges more = CanisterRanges.decode(shard);
            ranges = ranges == null ? more : ranges.with(more);
        }
        if (ranges == null) {
            throw new Refused("The delegation reveals no canister ranges");
        }
        return ranges;
    }

    private static void collectShards(HashTree tree, List<Blob> shards) {
        switch (tree) {
            case HashTree.Fork(HashTree left, HashTree right) -> {
                collectShards(left, shards);
                collectShards(right, shards);
            }
            case HashTree.Labeled(Blob _, HashTree.Leaf(Blob contents)) -> shards.add(contents);
            case HashTree.Labeled _, HashTree.Leaf _, HashTree.Empty _, HashTree.Pruned _ -> {}
        }
    }

    private static void checkSignature(Certificate certificate, BlsPublicKey key) throws Refused {
        byte[] signed = Domain.stateRoot(certificate.tree().digest());
        if (!key.verify(signed, certificate.signature())) {
            throw new Refused("The signature of the certificate is not that of the subnet");
        }
    }

    /// The time in a certificate's tree, unsigned nanoseconds since 1970; null when it reveals none
    /// or nonsense.
    public static @Nullable Long timeNanos(HashTree tree) {
        Blob leb128 = tree.value(List.of(TIME));
        if (leb128 == null) {
            return null;
        }
        try {
            ByteReader in = new ByteReader(leb128);
            long time = Leb128.readUnsigned(in);
            return in.remaining() == 0 ? time : null;
        } catch (MalformedException e) {
            return null;
        }
    }

    private static long time(HashTree tree) throws Refused {
        Long time = timeNanos(tree);
        if (time == null) {
            throw new Refused("The certificate reveals no time");
        }
        return time;
    }
}
