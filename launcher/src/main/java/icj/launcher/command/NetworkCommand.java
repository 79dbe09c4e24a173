package icj.launcher.command;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/// A command: what all of them share is the root with the options that each takes.
abstract class NetworkCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    final Ic ic() {
        CommandSpec known = spec;
        if (known == null) {
            throw new IllegalStateException("Commands run through the command line");
        }
        return (Ic) known.root().userObject();
    }
}
