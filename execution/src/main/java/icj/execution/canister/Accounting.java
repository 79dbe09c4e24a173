package icj.execution.canister;

import icj.types.Cycles;

import java.math.BigInteger;

/// What a canister can pay (interface specification, "Freezing threshold").
public final class Accounting {
    private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000L);

    private Accounting() {}

    /// Cycles that only storage may use: those that last for the freezing threshold.
    public static Cycles freezingLimit(CanisterDraft canister, Prices prices) {
        return freezingLimit(canister, canister.memoryUsage(), prices);
    }

    /// The same if the canister took so many bytes.
    public static Cycles freezingLimit(CanisterDraft canister, long bytes, Prices prices) {
        if (prices.isFree()) {
            return Cycles.ZERO;
        }
        BigInteger seconds =
                new BigInteger(
                        Long.toUnsignedString(canister.settings().freezingThresholdSeconds()));
        Cycles burned =
                prices.storage(
                        Math.max(bytes, canister.settings().memoryAllocation()),
                        canister.settings().computeAllocation(),
                        seconds.multiply(NANOS_PER_SECOND));
        return burned.minus(canister.reserved());
    }

    /// Whether the canister can pay `amount` and stay above its freezing limit.
    public static boolean canPay(CanisterDraft canister, Cycles amount, Prices prices) {
        return prices.isFree()
                || canister.balance().compareTo(amount.plus(freezingLimit(canister, prices))) >= 0;
    }

    /// Cycles above the freezing limit.
    public static Cycles liquid(Cycles balance, CanisterDraft canister, Prices prices) {
        return balance.minus(freezingLimit(canister, prices));
    }

    /// Cycles that storage and reserved computing use in a day.
    public static Cycles burnedPerDay(CanisterDraft canister, Prices prices) {
        return prices.storage(
                Math.max(canister.memoryUsage(), canister.settings().memoryAllocation()),
                canister.settings().computeAllocation(),
                NANOS_PER_SECOND.multiply(BigInteger.valueOf(86_400)));
    }

    /// Takes what storage and reserved computing have cost since the last charge, if that is at
    /// least the interval ago; reserved cycles go first.
    ///
    /// @return whether the canister could pay; if not it has nothing left
    public static boolean charge(CanisterDraft canister, long now, Prices prices) {
        long elapsed = now - canister.chargedUntil();
        if (elapsed < Prices.CHARGE_INTERVAL_NANOS) {
            return true;
        }
        canister.chargedUntil(now);
        if (prices.isFree()) {
            return true;
        }
        Cycles due =
                prices.storage(
                        Math.max(canister.memoryUsage(), canister.settings().memoryAllocation()),
                        canister.settings().computeAllocation(),
                        BigInteger.valueOf(elapsed));
        Cycles fromReserve = due.min(canister.reserved());
        canister.reserved(canister.reserved().minus(fromReserve));
        canister.consumed(fromReserve);
        Cycles rest = due.minus(fromReserve);
        boolean paid = canister.balance().compareTo(rest) >= 0;
        canister.consume(rest);
        return paid;
    }
}
