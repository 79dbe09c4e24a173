package icj.state.model;

import icj.types.CanisterId;
import icj.types.ConsensusTime;
import icj.types.Cycles;
import icj.types.Height;
import icj.types.SubnetId;
import icj.wire.ByteReader;
import icj.wire.ByteWriter;
import icj.wire.MalformedException;

import java.util.ArrayList;
import java.util.List;

/// What belongs to the subnet itself and to no canister.
///
/// @param subnet its id
/// @param height of the last executed batch
/// @param time of the last executed batch
/// @param nextCanister the number that the next new canister tries first; unsigned
/// @param lastServed where the scheduler goes on: canisters above it come first
/// @param calls calls to the management canister that wait, oldest first
/// @param randomness `raw_rand` calls that wait for a tape, oldest first
/// @param updates messages that changed a canister, ever
/// @param consumed cycles used up, ever
public record SystemState(
        SubnetId subnet,
        Height height,
        ConsensusTime time,
        long nextCanister,
        CanisterId lastServed,
        List<ManagementCall> calls,
        List<RandomnessRequest> randomness,
        long updates,
        Cycles consumed) {
    public SystemState {
        calls = List.copyOf(calls);
        randomness = List.copyOf(randomness);
    }

    /// A call to the management canister.
    ///
    /// @param message an [CanisterMessage.Ingress] or a [CanisterMessage.Request]
    public record ManagementCall(CanisterMessage message) {}

    /// A `raw_rand` call (R-E13).
    ///
    /// @param askedAt the height whose execution asked: only a tape of a later one answers
    /// @param number unique and rising; enters the answer's hash
    /// @param origin who waits
    /// @param cycles that came with the call and go back
    public record RandomnessRequest(
            Height askedAt, long number, CallOrigin.Canister origin, Cycles cycles) {}

    void encode(ByteWriter out) {
        Codec.principal(out, subnet.principal());
        out.u64(height.value()).u64(time.value()).u64(nextCanister);
        Codec.canister(out, lastServed);
        out.count(calls.size());
        for (ManagementCall call : calls) {
            Codec.message(out, call.message());
        }
        out.count(randomness.size());
        for (RandomnessRequest request : randomness) {
            out.u64(request.askedAt().value()).u64(request.number());
            Codec.origin(out, request.origin());
            Codec.cycles(out, request.cycles());
        }
        out.u64(updates);
        Codec.cycles(out, consumed);
    }

    static SystemState decode(ByteReader in) throws MalformedException {
        SubnetId subnet = new SubnetId(Codec.principal(in));
        Height height = new Height(in.u64());
        ConsensusTime time = new ConsensusTime(in.u64());
        long nextCanister = in.u64();
        CanisterId lastServed = Codec.canister(in);
        int count = in.count(Codec.COUNT_MAX, 8);
        List<ManagementCall> calls = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            calls.add(new ManagementCall(Codec.message(in)));
        }
        count = in.count(Codec.COUNT_MAX, 8);
        List<RandomnessRequest> randomness = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Height askedAt = new Height(in.u64());
            long number = in.u64();
            if (!(Codec.origin(in) instanceof CallOrigin.Canister origin)) {
                throw new MalformedException("Only canisters ask for randomness");
            }
            randomness.add(new RandomnessRequest(askedAt, number, origin, Codec.cycles(in)));
        }
        return new SystemState(
                subnet,
                height,
                time,
                nextCanister,
                lastServed,
                calls,
                randomness,
                in.u64(),
                Codec.cycles(in));
    }
}
