package icj.execution.system;

import icj.candid.Principal;
import icj.execution.canister.CanisterDraft;
import icj.execution.canister.SubnetSettings;
import icj.state.model.Answer;
import icj.types.Blob;
import icj.types.Cycles;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/// All that one execution of canister code can ask of the system. Made by [#of] and the `with`
/// methods.
///
/// @param context where the code is called from
/// @param canister whose code runs; only read
/// @param settings of the subnet
/// @param subnetBytesLeft how many bytes the canisters of the subnet may still take
/// @param time of the batch, nanoseconds since 1970
/// @param caller who called
/// @param argument of the call, or the reply's data
/// @param method the name in an inspected message
/// @param reject why a call of the canister was rejected, or null
/// @param deadline of the call that is being answered, 0 for none
/// @param answerDue whether the call is not answered yet
/// @param cyclesAvailable those of the call that were not accepted yet
/// @param cyclesRefunded those that came back with the response
/// @param balance cycles to spend, prepayments taken off
/// @param contextInstructions used by the call context before this execution
/// @param version what `ic0.canister_version` says
/// @param dataCertificate makes the certificate of a query, or null
public record ExecutionInput(
        ApiContext context,
        CanisterDraft canister,
        SubnetSettings settings,
        long subnetBytesLeft,
        long time,
        Principal caller,
        Blob argument,
        String method,
        Answer.@Nullable Reject reject,
        long deadline,
        boolean answerDue,
        Cycles cyclesAvailable,
        Cycles cyclesRefunded,
        Cycles balance,
        long contextInstructions,
        long version,
        @Nullable Supplier<Blob> dataCertificate) {

    /// An execution that the system starts by itself: no argument, no cycles, no answer.
    public static ExecutionInput of(
            ApiContext context,
            CanisterDraft canister,
            SubnetSettings settings,
            long subnetBytesLeft,
            long time) {
        return new ExecutionInput(
                context,
                canister,
                settings,
                subnetBytesLeft,
                time,
                Principal.MANAGEMENT,
                Blob.EMPTY,
                "",
                null,
                0,
                false,
                Cycles.ZERO,
                Cycles.ZERO,
                canister.balance(),
                0,
                canister.version(),
                null);
    }

    /// The same with a caller and an argument.
    public ExecutionInput withCall(Principal nextCaller, Blob nextArgument) {
        return new ExecutionInput(
                context,
                canister,
                settings,
                subnetBytesLeft,
                time,
                nextCaller,
                nextArgument,
                method,
                reject,
                deadline,
                answerDue,
                cyclesAvailable,
                cyclesRefunded,
                balance,
                contextInstructions,
                version,
                dataCertificate);
    }

    /// The same in a call context.
    public ExecutionInput withContext(
            boolean nextAnswerDue, Cycles nextAvailable, long nextDeadline, long nextInstructions) {
        return new ExecutionInput(
                context,
                canister,
                settings,
                subnetBytesLeft,
                time,
                caller,
                argument,
                method,
                reject,
                nextDeadline,
                nextAnswerDue,
                nextAvailable,
                cyclesRefunded,
                balance,
                nextInstructions,
                version,
                dataCertificate);
    }

    /// The same for the callback of a response.
    public ExecutionInput withResponse(Answer answer, Cycles refund) {
        return new ExecutionInput(
                context,
                canister,
                settings,
                subnetBytesLeft,
                time,
                caller,
                answer instanceof Answer.Reply(Blob data) ? data : Blob.EMPTY,
                method,
                answer instanceof Answer.Reject rejected ? rejected : null,
                deadline,
                answerDue,
                cyclesAvailable,
                refund,
                balance,
                contextInstructions,
                version,
                dataCertificate);
    }

    /// The same for a message to inspect.
    public ExecutionInput withMethod(String nextMethod) {
        return new ExecutionInput(
                context,
                canister,
                settings,
                subnetBytesLeft,
                time,
                caller,
                argument,
                nextMethod,
                reject,
                deadline,
                answerDue,
                cyclesAvailable,
                cyclesRefunded,
                balance,
                contextInstructions,
                version,
                dataCertificate);
    }

    /// The same with another balance.
    public ExecutionInput withBalance(Cycles nextBalance) {
        return new ExecutionInput(
                context,
                canister,
                settings,
                subnetBytesLeft,
                time,
                caller,
                argument,
                method,
                reject,
                deadline,
                answerDue,
                cyclesAvailable,
                cyclesRefunded,
                nextBalance,
                contextInstructions,
                version,
                dataCertificate);
    }

    /// The same with another version to tell.
    public ExecutionInput withVersion(long nextVersion) {
        return new ExecutionInput(
                context,
                canister,
                settings,
                subnetBytesLeft,
                time,
                caller,
                argument,
                method,
                reject,
                deadline,
                answerDue,
                cyclesAvailable,
                cyclesRefunded,
                balance,
                contextInstructions,
                nextVersion,
                dataCertificate);
    }

    /// The same with a certificate to give.
    public ExecutionInput withCertificate(@Nullable Supplier<Blob> nextCertificate) {
        return new ExecutionInput(
                context,
                canister,
                settings,
                subnetBytesLeft,
                time,
                caller,
                argument,
                method,
                reject,
                deadline,
                answerDue,
                cyclesAvailable,
                cyclesRefunded,
                balance,
                contextInstructions,
                version,
                nextCertificate);
    }
}
