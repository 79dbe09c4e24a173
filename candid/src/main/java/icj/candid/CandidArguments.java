package icj.candid;

import java.util.List;

/// What a message holds when nobody expects anything: its own types and values, one for one.
public record CandidArguments(List<CandidType> types, List<CandidValue> values) {
    /// Copies the lists.
    public CandidArguments {
        types = List.copyOf(types);
        values = List.copyOf(values);
    }
}
