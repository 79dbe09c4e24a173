package icj.launcher.identity;

import icj.agent.Identity;
import icj.crypto.Ed25519SigningKey;
import icj.crypto.KeyFormatException;
import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.network.OwnerFiles;
import icj.launcher.text.FileFailures;
import icj.launcher.text.Similar;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The user's identities: one PEM file each, readable by its owner only.
public final class IdentityStore {
    /// The identity of commands that name none.
    public static final String DEFAULT = "default";

    /// The caller that signs nothing; always there.
    public static final String ANONYMOUS = "anonymous";

    private static final String ENDING = ".pem";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

    private final Path folder;

    /// @param folder where the files are; made when the first one is
    public IdentityStore(Path folder) {
        this.folder = folder;
    }

    /// Names of all identities, in order, the anonymous one first.
    public List<String> names() {
        if (!Files.isDirectory(folder)) {
            return List.of(ANONYMOUS);
        }
        try (Stream<Path> files = Files.list(folder)) {
            Stream<String> stored =
                    files.map(f -> f.getFileName().toString())
                            .filter(f -> f.endsWith(ENDING) && !f.startsWith("."))
                            .map(f -> f.substring(0, f.length() - ENDING.length()))
                            .sorted();
            return Stream.concat(Stream.of(ANONYMOUS), stored).toList();
        } catch (IOException e) {
            throw FileFailures.of(e);
        }
    }

    /// The identity of this name, or in the file of this path (it contains a `/`). The default one
    /// is made when it isn't there.
    ///
    /// @param say takes a sentence when a key was made
    public Identity load(String nameOrPath, Consumer<String> say) {
        if (nameOrPath.equals(ANONYMOUS)) {
            return Identity.anonymous();
        }
        if (nameOrPath.contains("/")) {
            return read(Path.of(nameOrPath));
        }
        Path file = file(nameOrPath);
        if (!Files.exists(file)) {
            if (!nameOrPath.equals(DEFAULT)) {
                throw new Failure(
                        Problem.NO_SUCH_IDENTITY,
                        "There is no identity \"" + nameOrPath + "\"",
                        Similar.question(nameOrPath, names())
                                + "Known are "
                                + String.join(", ", names())
                                + "; to make it: ic identity new "
                                + nameOrPath);
            }
            Identity made = make(file);
            if (made == null) {
                // Another command made it at the same time.
                return read(file);
            }
            say.accept("Made the identity \"default\" (" + made.sender() + ") in " + file);
            return made;
        }
        return read(file);
    }

    /// Makes a new Ed25519 key.
    public Identity create(String name) {
        Identity made = make(unused(name));
        if (made == null) {
            throw exists(name);
        }
        return made;
    }

    /// A new key, unless the file is there.
    private @Nullable Identity make(Path file) {
        Ed25519SigningKey key = Ed25519SigningKey.generate(new SecureRandom());
        OwnerFiles.directory(folder);
        return OwnerFiles.createPrivate(file, key.toPem()) ? Identity.of(key) : null;
    }

    /// Takes over a key from a file: Ed25519, P-256 or secp256k1 in PKCS#8 or SEC1.
    public Identity importKey(String name, Path source) {
        Path file = unused(name);
        Identity identity = read(source);
        try {
            OwnerFiles.directory(folder);
            if (!OwnerFiles.createPrivate(file, Files.readString(source))) {
                throw exists(name);
            }
        } catch (IOException e) {
            throw FileFailures.of(e);
        }
        return identity;
    }

    private Path unused(String name) {
        Path file = file(name);
        if (name.equals(ANONYMOUS) || Files.exists(file)) {
            throw exists(name);
        }
        return file;
    }

    private static Failure exists(String name) {
        return new Failure(
                Problem.IDENTITY_EXISTS,
                "The identity \"" + name + "\" exists",
                "Choose another name; a key that is overwritten is lost for ever");
    }

    private Path file(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new Failure(
                    Problem.IDENTITY_NAME,
                    "\"" + name + "\" can't be the name of an identity",
                    "Use letters, digits, hyphens and underscores, at most 64");
        }
        return folder.resolve(name + ENDING);
    }

    private static Identity read(Path file) {
        try {
            return Identity.fromPem(Files.readString(file));
        } catch (KeyFormatException e) {
            throw new Failure(
                    Problem.IDENTITY_KEY,
                    file + " holds no key that can be used: " + e.getMessage(),
                    "Wanted is an unencrypted PEM file, PKCS#8 or SEC1, of Ed25519, P-256 or"
                            + " secp256k1");
        } catch (IOException e) {
            throw new Failure(Problem.IDENTITY_KEY, file + " can't be read", "Is the path right?");
        }
    }
}
