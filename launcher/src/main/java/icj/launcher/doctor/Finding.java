package icj.launcher.doctor;

import java.util.Locale;

/// What one check found.
///
/// @param name of the check
/// @param verdict how it is
/// @param found what is there, for people
/// @param remedy what to do; empty when all is well
public record Finding(String name, Verdict verdict, String found, String remedy) {
    /// How it is, from best to worst.
    public enum Verdict {
        OK,
        /// Networks run, but something may go wrong or slowly.
        WARNING,
        /// Networks can't run, or can't run on.
        FAILURE;

        /// The word for programs.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Finding ok(String name, String found) {
        return new Finding(name, Verdict.OK, found, "");
    }

    static Finding warning(String name, String found, String remedy) {
        return new Finding(name, Verdict.WARNING, found, remedy);
    }

    static Finding failure(String name, String found, String remedy) {
        return new Finding(name, Verdict.FAILURE, found, remedy);
    }
}
