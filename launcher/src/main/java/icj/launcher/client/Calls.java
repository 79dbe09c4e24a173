package icj.launcher.client;

import icj.agent.AgentException;
import icj.launcher.Failure;
import icj.launcher.Problem;

import org.jspecify.annotations.Nullable;

/// Turns what an agent throws into the failures of commands.
public final class Calls {
    private Calls() {}

    /// Something that asks the network.
    ///
    /// @param <T> what it returns
    @FunctionalInterface
    public interface Question<T> {
        /// Asks.
        T ask() throws AgentException;
    }

    /// Asks; whatever goes wrong becomes a [Failure] with its exit code.
    ///
    /// @param what the beginning of the sentence, as "The call of counter.inc"
    public static <T> T ask(String what, Question<T> question) {
        try {
            return question.ask();
        } catch (AgentException e) {
            throw failure(what, e);
        }
    }

    /// Something that may not be there.
    ///
    /// @param <T> what it returns
    @FunctionalInterface
    public interface Search<T> {
        /// Asks.
        @Nullable T ask() throws AgentException;
    }

    /// Asks for something that may not be there.
    ///
    /// @param what the beginning of the sentence
    public static <T> @Nullable T find(String what, Search<T> search) {
        try {
            return search.ask();
        } catch (AgentException e) {
            throw failure(what, e);
        }
    }

    /// Something that the network is to do.
    @FunctionalInterface
    public interface Order {
        /// Does it.
        void run() throws AgentException;
    }

    /// Does something.
    ///
    /// @param what the beginning of the sentence
    public static void run(String what, Order order) {
        try {
            order.run();
        } catch (AgentException e) {
            throw failure(what, e);
        }
    }

    private static Failure failure(String what, AgentException e) {
        return switch (e) {
            case AgentException.Rejected r ->
                    new Failure(
                            Problem.REJECTED,
                            what
                                    + " was rejected: "
                                    + r.rejection()
                                    + " (reject code "
                                    + r.code()
                                    + (r.errorCode() == null ? "" : ", " + r.errorCode())
                                    + ")",
                            "The canister says why; what it printed: ic logs --canister NAME",
                            r);
            case AgentException.TimedOut t ->
                    new Failure(
                            Problem.NO_OUTCOME,
                            what + " has no outcome in time: " + t.getMessage(),
                            t.cannotRun()
                                    ? "It did not run and will not: call again"
                                    : "It may still run; is a quorum of nodes ready? See: ic"
                                            + " status");
            case AgentException.Unreachable u ->
                    new Failure(
                            Problem.NODE_UNREACHABLE,
                            what + " failed: " + u.getMessage(),
                            "See: ic status. To use another node: --node NAME");
            case AgentException.Refused r when r.status() == 503 || r.status() == 429 ->
                    new Failure(
                            Problem.BUSY,
                            what + " failed: " + r.getMessage(),
                            "Try again in a moment; see: ic status");
            case AgentException.Refused r ->
                    new Failure(
                            Problem.NODE_REFUSED,
                            what + " failed: " + r.getMessage(),
                            "docs/ERRORS.md lists what nodes refuse; is the clock right? See: ic"
                                    + " doctor");
            case AgentException.CertificateInvalid c ->
                    new Failure(
                            Problem.ANSWER_INVALID,
                            what + " failed: " + c.getMessage(),
                            "The node's answer is not to be trusted; is its clock right?");
            case AgentException.Malformed m ->
                    new Failure(
                            Problem.ANSWER_INVALID,
                            what + " failed: " + m.getMessage(),
                            "The node's answer is not to be trusted");
        };
    }
}
