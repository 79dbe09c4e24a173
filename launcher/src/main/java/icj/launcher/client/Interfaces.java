package icj.launcher.client;

import icj.candid.Candid;
import icj.candid.CandidException;
import icj.candid.CandidInterface;
import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.types.Blob;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/// Arguments and replies between text and bytes, by an interface where there is one.
public final class Interfaces {
    private Interfaces() {}

    /// Reads a `.did` file.
    public static CandidInterface read(Path file) {
        try {
            return CandidInterface.parse(Files.readString(file));
        } catch (IOException e) {
            throw new Failure(
                    Problem.INTERFACE_FILE, file + " can't be read", "Is the path right?");
        } catch (CandidException e) {
            throw new Failure(
                    Problem.INTERFACE_FILE,
                    file + " is no interface: " + e.getMessage(),
                    "Correct it, or leave --did out to use what the canister publishes");
        }
    }

    /// The bytes of a method's arguments; without an interface by the types in the text itself.
    public static Blob arguments(@Nullable CandidInterface service, String method, String text) {
        try {
            return Blob.owning(
                    service == null
                            ? Candid.encode(Candid.parse(text))
                            : service.encodeArguments(method, text));
        } catch (CandidException | IllegalArgumentException e) {
            throw new Failure(
                    Problem.ARGUMENTS,
                    "The arguments of " + method + " can't be used: " + e.getMessage(),
                    service == null
                            ? "No interface with this method is known: write types, as '(5 : nat)',"
                                    + " or give --did FILE"
                            : "Write them in the text form of Candid, as '(5, \"text\")'");
        }
    }

    /// The bytes of the arguments of an installation.
    ///
    /// @param text null for none
    public static Blob initArguments(@Nullable CandidInterface service, @Nullable String text) {
        try {
            if (service == null) {
                return Blob.owning(Candid.encode(Candid.parse(text == null ? "()" : text)));
            }
            return Blob.owning(service.encodeInitArguments(text == null ? "()" : text));
        } catch (CandidException | IllegalArgumentException e) {
            throw new Failure(
                    Problem.ARGUMENTS,
                    "The arguments of the installation can't be used: " + e.getMessage(),
                    "Give them as --arg '(...)', or as \"init\" in canister.yaml");
        }
    }

    /// A reply as text; one that isn't Candid as bytes in hexadecimal digits.
    public static String reply(@Nullable CandidInterface service, String method, Blob reply) {
        try {
            if (service != null) {
                return Candid.print(service.decodeResults(method, reply.shared()));
            }
        } catch (CandidException e) {
            // The canister doesn't keep its promise: show what came.
            return untyped(reply);
        }
        return untyped(reply);
    }

    private static String untyped(Blob reply) {
        try {
            return Candid.print(Candid.decode(reply.shared()).values());
        } catch (CandidException e) {
            return HexFormat.of().formatHex(reply.shared());
        }
    }
}
