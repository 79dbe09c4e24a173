package icj.agent;

import icj.crypto.certificate.HashTree;
import icj.types.Blob;
import icj.types.SubnetId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// A part of a subnet's state whose certificate was verified.
///
/// @param subnet who certified it
/// @param timeNanos the subnet's time, nanoseconds since 1970
/// @param tree what is revealed
public record CertifiedState(SubnetId subnet, long timeNanos, HashTree tree) {
    /// The value at a path; null when there is none.
    ///
    /// @throws AgentException.CertificateInvalid when the certificate leaves that open
    public @Nullable Blob value(List<Blob> path) throws AgentException.CertificateInvalid {
        return switch (tree.find(path)) {
            case HashTree.Finding.Found(HashTree.Leaf(Blob contents)) -> contents;
            case HashTree.Finding.Found _, HashTree.Finding.Absent _ -> null;
            case HashTree.Finding.Unknown _ ->
                    throw new AgentException.CertificateInvalid(
                            "The certificate does not tell about " + shown(path));
        };
    }

    /// A path of labels that are texts.
    public static List<Blob> path(String... labels) {
        List<Blob> path = new ArrayList<>();
        for (String label : labels) {
            path.add(HashTree.label(label));
        }
        return path;
    }

    private static String shown(List<Blob> path) {
        StringBuilder text = new StringBuilder();
        for (Blob label : path) {
            text.append('/').append(readable(label));
        }
        return text.toString();
    }

    private static String readable(Blob label) {
        StringBuilder text = new StringBuilder();
        for (byte c : label.shared()) {
            if (c < 0x20 || c == 0x7f) {
                return label.toString();
            }
            text.append((char) c);
        }
        return text.toString();
    }
}
