package icj.agent;

import icj.types.RequestId;

import org.jspecify.annotations.Nullable;

/// Why a request did not end as it should. One subclass for each thing that a caller may want to do
/// about it.
public abstract sealed class AgentException extends Exception {
    private static final long serialVersionUID = 1L;

    private AgentException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /// The canister or the network answered, and the answer is no.
    public static final class Rejected extends AgentException {
        private static final long serialVersionUID = 1L;

        private final int code;
        private final String rejection;
        private final @Nullable String errorCode;
        private final boolean certified;

        /// @param code the reject code, 1 to 6
        /// @param rejection what the network or the canister says
        /// @param errorCode as "IC0503", or null
        /// @param certified whether the whole subnet says so, not one node
        public Rejected(int code, String rejection, @Nullable String errorCode, boolean certified) {
            super(
                    "Rejected with code "
                            + code
                            + (errorCode == null ? "" : " (" + errorCode + ")")
                            + ": "
                            + rejection,
                    null);
            this.code = code;
            this.rejection = rejection;
            this.errorCode = errorCode;
            this.certified = certified;
        }

        /// The reject code, 1 to 6.
        public int code() {
            return code;
        }

        /// What the network or the canister says.
        public String rejection() {
            return rejection;
        }

        /// The error code, as "IC0503", or null.
        public @Nullable String errorCode() {
            return errorCode;
        }

        /// Whether the whole subnet says so. Otherwise one node refused the call before consensus,
        /// or answered a query.
        public boolean certified() {
            return certified;
        }
    }

    /// A certificate or a signature of an answer does not stand: the node lies, has a wrong clock,
    /// or belongs to another network.
    public static final class CertificateInvalid extends AgentException {
        private static final long serialVersionUID = 1L;

        /// @param reason a sentence
        public CertificateInvalid(String reason) {
            super(reason, null);
        }
    }

    /// The outcome of a call did not come in time. The call may have run or may still run, unless
    /// [#cannotRun].
    public static final class TimedOut extends AgentException {
        private static final long serialVersionUID = 1L;

        private final RequestId request;
        private final boolean cannotRun;

        /// @param request the call
        /// @param cannotRun whether it is certain that the call did not and will not run
        /// @param message a sentence
        public TimedOut(RequestId request, boolean cannotRun, String message) {
            super(message, null);
            this.request = request;
            this.cannotRun = cannotRun;
        }

        /// The call.
        public RequestId request() {
            return request;
        }

        /// Whether it is certain that the call did not and will not run: the subnet certified a
        /// time after its expiry and does not know it, and would still remember it.
        public boolean cannotRun() {
            return cannotRun;
        }
    }

    /// No node answers at the address.
    public static final class Unreachable extends AgentException {
        private static final long serialVersionUID = 1L;

        private final boolean mayHaveArrived;

        /// @param message a sentence with the address
        /// @param mayHaveArrived whether the request may have reached the node all the same
        /// @param cause what the HTTP client says, or null
        public Unreachable(String message, boolean mayHaveArrived, @Nullable Throwable cause) {
            super(message, cause);
            this.mayHaveArrived = mayHaveArrived;
        }

        /// Whether the request may have reached the node all the same.
        public boolean mayHaveArrived() {
            return mayHaveArrived;
        }
    }

    /// The node refused the request with an HTTP status; 503 means that it is not ready.
    public static final class Refused extends AgentException {
        private static final long serialVersionUID = 1L;

        private final int status;
        private final boolean mayHaveArrived;

        /// @param status of HTTP
        /// @param reason what the node says
        /// @param mayHaveArrived whether a node may have taken the request all the same
        public Refused(int status, String reason, boolean mayHaveArrived) {
            super("The node refused the request (HTTP " + status + "): " + reason, null);
            this.status = status;
            this.mayHaveArrived = mayHaveArrived;
        }

        /// Whether a node may have taken the request all the same: an earlier try broke off, or the
        /// refusal is that of a node in between.
        public boolean mayHaveArrived() {
            return mayHaveArrived;
        }

        /// The HTTP status.
        public int status() {
            return status;
        }
    }

    /// The answer is not what the interface prescribes.
    public static final class Malformed extends AgentException {
        private static final long serialVersionUID = 1L;

        /// @param reason a sentence
        /// @param cause the decoder's complaint, or null
        public Malformed(String reason, @Nullable Throwable cause) {
            super(reason, cause);
        }
    }
}
