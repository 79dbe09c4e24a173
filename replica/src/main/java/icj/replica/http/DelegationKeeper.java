package icj.replica.http;

import icj.candid.Principal;
import icj.crypto.certificate.Certificate;
import icj.crypto.certificate.CertificateVerdict;
import icj.crypto.certificate.CertificateVerifier;
import icj.crypto.certificate.SubnetDelegation;
import icj.execution.CertifiedTree;
import icj.replica.loop.WallClock;
import icj.types.Blob;
import icj.types.NodeId;
import icj.types.message.Envelope;
import icj.types.message.RequestContent;
import icj.types.registry.NodeRecord;
import icj.types.registry.Registry;
import icj.types.registry.SubnetRecord;
import icj.wire.MalformedException;
import icj.wire.cbor.Cbor;
import icj.wire.cbor.CborFields;
import icj.wire.cbor.CborLimits;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// The root subnet's word that this subnet may certify (R-C20): fetched from a node of the root
/// subnet, verified, kept in a file, fetched again after a day, replaced only by a later one.
///
/// One certificate holds the canister ranges in both forms that agents know, of the second exactly
/// one shard, and no label beside them (crypto.md 3).
public final class DelegationKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(DelegationKeeper.class);
    private static final long DAY_NANOS = 86_400L * 1_000_000_000L;
    private static final long READY_AGE_NANOS_MAX = 29 * DAY_NANOS;
    private static final long RETRY_MILLIS_MIN = 100;
    private static final long RETRY_MILLIS_MAX = 5_000;
    private static final long LOOK_MILLIS = 60_000;

    private record Held(SubnetDelegation delegation, long timeNanos) {}

    private final Registry registry;
    private final SubnetRecord subnet;
    private final Path file;
    private final CertificateVerifier verifier;
    private final HttpForwarder forwarder;
    private final ScheduledExecutorService timer;
    private volatile @Nullable Held held;
    private long retryMillis = RETRY_MILLIS_MIN;

    /// Reads the file, if there is one that stands.
    public DelegationKeeper(
            Registry registry,
            SubnetRecord subnet,
            Path file,
            CertificateVerifier verifier,
            HttpForwarder forwarder,
            ScheduledExecutorService timer) {
        this.registry = registry;
        this.subnet = subnet;
        this.file = file;
        this.verifier = verifier;
        this.forwarder = forwarder;
        this.timer = timer;
        try {
            if (Files.exists(file)) {
                held = check(Blob.owning(Files.readAllBytes(file)));
            }
        } catch (IOException | MalformedException e) {
            LOG.warn(
                    "The stored delegation can't be used, it will be fetched again: {}",
                    e.toString());
        }
    }

    /// The delegation in force, null while there is none.
    public @Nullable SubnetDelegation delegation() {
        Held now = held;
        return now == null ? null : now.delegation();
    }

    /// Why this node isn't ready for lack of a delegation, or null.
    public @Nullable String reason() {
        Held now = held;
        if (now == null) {
            return "no node of the root subnet has given a delegation yet";
        }
        return WallClock.nanos() - now.timeNanos() > READY_AGE_NANOS_MAX
                ? "the delegation is older than 29 days"
                : null;
    }

    /// Begins to fetch where needed.
    public void start() {
        look();
    }

    private void look() {
        Held now = held;
        if (now != null && WallClock.nanos() - now.timeNanos() < DAY_NANOS) {
            var _ = timer.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        List<HttpForwarder.Target> targets = new ArrayList<>();
        for (NodeId member : registry.root().members()) {
            NodeRecord node = registry.node(member);
            targets.add(new HttpForwarder.Target(node.httpHost(), node.httpPort()));
        }
        forwarder.forward(
                targets,
                "POST",
                "/api/v2/subnet/" + registry.nns() + "/read_state",
                question(),
                HttpForwarder.READ_MILLIS_MAX,
                answer -> timer.execute(() -> take(answer)));
    }

    private Blob question() {
        Blob id = Blob.owning(subnet.id().principal().toBytes());
        Blob first = Blob.owning(subnet.ranges().getFirst().first().principal().toBytes());
        RequestContent.ReadState read =
                new RequestContent.ReadState(
                        Principal.ANONYMOUS,
                        WallClock.nanos() + 240L * 1_000_000_000L,
                        null,
                        List.of(
                                List.of(CertifiedTree.SUBNET, id, CertifiedTree.PUBLIC_KEY),
                                List.of(CertifiedTree.SUBNET, id, CertifiedTree.TYPE),
                                List.of(CertifiedTree.SUBNET, id, CertifiedTree.CANISTER_RANGES),
                                List.of(CertifiedTree.CANISTER_RANGES, id, first)));
        return Envelope.unsigned(read).bytes();
    }

    private void take(HttpAnswer answer) {
        String failure;
        try {
            if (answer.status() == 200) {
                Blob certificate =
                        CborFields.of(
                                        Cbor.decode(answer.body(), CborLimits.CERTIFICATE),
                                        "the answer")
                                .bytes("certificate", Integer.MAX_VALUE);
                accept(check(certificate), certificate);
                retryMillis = RETRY_MILLIS_MIN;
                var _ = timer.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
                return;
            }
            failure = "status " + answer.status();
        } catch (MalformedException | IOException e) {
            failure = e.getMessage() == null ? e.toString() : e.getMessage();
        }
        LOG.info("No delegation from the root subnet yet: {}", failure);
        var _ = timer.schedule(this::look, retryMillis, TimeUnit.MILLISECONDS);
        retryMillis = Math.min(RETRY_MILLIS_MAX, retryMillis * 2);
    }

    private void accept(Held next, Blob certificate) throws IOException {
        Held before = held;
        if (before != null && Long.compareUnsigned(next.timeNanos(), before.timeNanos()) <= 0) {
            return;
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.write(fresh, certificate.shared());
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        held = next;
        LOG.info("Holding a delegation of the root subnet");
    }

    /// A delegation out of a certificate of the root subnet.
    ///
    /// @throws MalformedException when it isn't one for this subnet and its key
    private Held check(Blob bytes) throws MalformedException {
        Certificate certificate = Certificate.decode(bytes);
        if (certificate.delegation() != null) {
            throw new MalformedException("The certificate of the root subnet has a delegation");
        }
        if (!(verifier.verifyTimeless(certificate) instanceof CertificateVerdict.Valid valid)) {
            throw new MalformedException("The root subnet's signature does not verify");
        }
        Blob id = Blob.owning(subnet.id().principal().toBytes());
        Blob first = Blob.owning(subnet.ranges().getFirst().first().principal().toBytes());
        Blob key =
                certificate
                        .tree()
                        .value(List.of(CertifiedTree.SUBNET, id, CertifiedTree.PUBLIC_KEY));
        if (key == null || !key.equals(subnet.publicKeyDer())) {
            throw new MalformedException("The root subnet certifies another key for this subnet");
        }
        Blob flat =
                certificate
                        .tree()
                        .value(List.of(CertifiedTree.SUBNET, id, CertifiedTree.CANISTER_RANGES));
        Blob shard = certificate.tree().value(List.of(CertifiedTree.CANISTER_RANGES, id, first));
        if (flat == null || shard == null) {
            throw new MalformedException("The root subnet certifies no canister ranges");
        }
        return new Held(new SubnetDelegation(subnet.id(), bytes), valid.timeNanos());
    }
}
