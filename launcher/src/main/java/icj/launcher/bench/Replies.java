package icj.launcher.bench;

import icj.agent.Agent;
import icj.agent.AgentException;
import icj.types.Blob;
import icj.types.CanisterId;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/// Whether an answer to an update is one: at a glance, or by its certificate.
final class Replies {
    /// A leaf of a certificate's tree that says "replied": CBOR `[3, h'7265706c696564']`.
    private static final byte[] REPLIED = leaf("replied");

    /// The text "replied" in an answer to a query: CBOR `"replied"`.
    private static final byte[] REPLIED_TEXT = "greplied".getBytes(StandardCharsets.US_ASCII);

    private Replies() {}

    private static byte[] leaf(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        byte[] leaf = new byte[3 + bytes.length];
        leaf[0] = (byte) 0x82;
        leaf[1] = 3;
        leaf[2] = (byte) (0x40 + bytes.length);
        System.arraycopy(bytes, 0, leaf, 3, bytes.length);
        return leaf;
    }

    /// Whether the certificate in it, unverified, says that a call was replied to.
    static boolean looksReplied(byte[] answer) {
        return holds(answer, REPLIED);
    }

    /// Whether the answer to a query, unverified, says that it was replied to.
    static boolean saysReplied(byte[] answer) {
        return holds(answer, REPLIED_TEXT);
    }

    private static boolean holds(byte[] answer, byte[] part) {
        search:
        for (int i = 0; i + part.length <= answer.length; i++) {
            for (int j = 0; j < part.length; j++) {
                if (answer[i + j] != part[j]) {
                    continue search;
                }
            }
            return true;
        }
        return false;
    }

    /// Why the answer is not a certified reply to this call, or null when it is.
    static @Nullable String refusal(
            Agent agent, CanisterId canister, LoadRequest request, int status, byte[] answer) {
        if (status != 200) {
            return "HTTP "
                    + status
                    + (status == 202 ? ", no outcome in time" : ": " + text(answer));
        }
        try {
            Blob reply = agent.callReply(canister, request.id(), Blob.owning(answer));
            return reply == null ? "the certificate holds no outcome" : null;
        } catch (AgentException e) {
            return e.getMessage();
        }
    }

    /// The beginning of an answer that is a text.
    static String text(byte[] answer) {
        String text = new String(answer, StandardCharsets.UTF_8).strip();
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
    }
}
