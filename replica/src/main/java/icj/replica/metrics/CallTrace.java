package icj.replica.metrics;

import icj.types.Height;
import icj.types.RequestId;

/// The way of one answered call.
///
/// @param id of the request
/// @param height of the block that holds it
/// @param nanos of each step, by the order of [Phases.Phase]
public record CallTrace(RequestId id, Height height, long[] nanos) {
    /// `{"id":"..","height":7,"micros":{"request":120,..}}`.
    public String toJson() {
        StringBuilder json = new StringBuilder(256);
        json.append("{\"id\":\"").append(id.digest()).append("\",\"height\":");
        json.append(height.value()).append(",\"micros\":{");
        for (Phases.Phase phase : Phases.Phase.values()) {
            if (phase.isStep()) {
                json.append(phase.ordinal() == 0 ? "" : ",").append('"').append(phase.text());
                json.append("\":").append(nanos[phase.ordinal()] / 1_000);
            }
        }
        return json.append("}}").toString();
    }
}
