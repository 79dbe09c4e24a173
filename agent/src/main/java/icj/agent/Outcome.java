package icj.agent;

import icj.crypto.certificate.HashTree;
import icj.types.Blob;
import icj.types.RequestId;
import icj.wire.ByteReader;
import icj.wire.Leb128;
import icj.wire.MalformedException;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// What became of a call, by certified states of its subnet.
final class Outcome {
    private static final double POLL_FACTOR = 1.4;
    private static final long POLL_FIRST_MILLIS = 100;
    private static final long POLL_LONGEST_MILLIS = 1000;

    /// For five minutes a subnet remembers a call that has ended (R-S8); less what clocks differ.
    private static final long REMEMBERED_NANOS = 270_000_000_000L;

    private static final Blob REQUEST_STATUS = HashTree.label("request_status");

    /// Where certified states come from.
    @FunctionalInterface
    interface Source {
        CertifiedState read(List<Blob> path) throws AgentException;
    }

    /// What waits between two looks.
    @FunctionalInterface
    interface Pause {
        void of(long millis) throws AgentException;
    }

    private final RequestId request;
    private final long expiryNanos;
    private long running;

    /// @param expiryNanos the call's, nanoseconds since 1970
    /// @param signedNanos before this time, nanoseconds since 1970, the call has not ended
    Outcome(RequestId request, long expiryNanos, long signedNanos) {
        this.request = request;
        this.expiryNanos = expiryNanos;
        this.running = signedNanos;
    }

    /// The reply, once there is one.
    ///
    /// @param giveUp when to wait no longer, by `System.nanoTime()`
    Blob await(Source source, Pause between, long giveUp) throws AgentException {
        List<Blob> path = List.of(REQUEST_STATUS, id(request));
        long pause = POLL_FIRST_MILLIS;
        while (true) {
            AgentException failure = null;
            try {
                CertifiedState state = source.read(path);
                Blob reply = of(state, request);
                if (reply != null) {
                    return reply;
                }
                if (state.tree().find(path) instanceof HashTree.Finding.Absent) {
                    unknown(state.timeNanos());
                }
            } catch (AgentException.Unreachable e) {
                failure = e;
            } catch (AgentException.Refused e) {
                if (e.status() < 500 && e.status() != 429) {
                    throw e;
                }
                failure = e;
            }
            if (System.nanoTime() - giveUp >= 0 || Thread.currentThread().isInterrupted()) {
                throw new AgentException.TimedOut(
                        request,
                        false,
                        "The outcome of the call is not known in time"
                                + (failure == null ? "" : ": " + failure.getMessage()));
            }
            between.of(pause);
            pause = Math.min((long) (pause * POLL_FACTOR), POLL_LONGEST_MILLIS);
        }
    }

    /// The subnet knew nothing of the call at this time.
    private void unknown(long timeNanos) throws AgentException.TimedOut {
        // A call that has ended since is still remembered.
        boolean certain = timeNanos - running <= REMEMBERED_NANOS;
        if (Long.compareUnsigned(timeNanos, expiryNanos) > 0) {
            throw new AgentException.TimedOut(
                    request,
                    certain,
                    certain
                            ? "The call expired before it was started"
                            : "The call expired, or it ended and is forgotten");
        }
        if (certain) {
            running = Math.max(running, timeNanos);
        }
    }

    /// The reply of a call, or null while there is none yet.
    static @Nullable Blob of(CertifiedState state, RequestId request) throws AgentException {
        Blob id = id(request);
        Blob status = state.value(List.of(REQUEST_STATUS, id, HashTree.label("status")));
        if (status == null) {
            return null;
        }
        switch (text(status)) {
            case "replied" -> {
                return required(state, id, "reply");
            }
            case "rejected" -> {
                Blob error = state.value(List.of(REQUEST_STATUS, id, HashTree.label("error_code")));
                throw new AgentException.Rejected(
                        (int) number(required(state, id, "reject_code")),
                        text(required(state, id, "reject_message")),
                        error == null ? null : text(error),
                        true);
            }
            case "done" ->
                    throw new AgentException.TimedOut(
                            request, false, "The call has ended, its outcome is forgotten");
            default -> {
                return null;
            }
        }
    }

    /// A certified text.
    static String text(Blob value) {
        return new String(value.shared(), StandardCharsets.UTF_8);
    }

    private static Blob id(RequestId request) {
        return Blob.owning(request.digest().toBytes());
    }

    private static Blob required(CertifiedState state, Blob id, String label)
            throws AgentException {
        Blob value = state.value(List.of(REQUEST_STATUS, id, HashTree.label(label)));
        if (value == null) {
            throw new AgentException.CertificateInvalid(
                    "The certificate lacks the field " + label + " of the request");
        }
        return value;
    }

    private static long number(Blob leb128) throws AgentException {
        try {
            return Leb128.readUnsigned(new ByteReader(leb128));
        } catch (MalformedException e) {
            throw new AgentException.CertificateInvalid("A certified number is malformed");
        }
    }
}
