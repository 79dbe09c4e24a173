package icj.execution.management;

import icj.candid.Candid;
import icj.candid.CandidException;
import icj.types.Blob;

/// Prints replies of the management canister with the names of their fields.
public final class ManagementPrinter {
    private ManagementPrinter() {}

    /// The text of a reply.
    public static String print(String method, Blob reply) {
        try {
            return Candid.print(ManagementInterface.decodeReply(method, reply));
        } catch (CandidException e) {
            throw new AssertionError(e);
        }
    }
}
