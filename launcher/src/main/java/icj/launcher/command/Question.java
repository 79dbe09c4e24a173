package icj.launcher.command;

import icj.launcher.Failure;
import icj.launcher.Problem;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.Locale;

/// Asks before something is lost for ever; only a person at a terminal is asked.
final class Question {
    private Question() {}

    /// Returns when the answer is yes.
    static void confirm(Ic ic, String question) throws IOException {
        if (!ic.mayAsk()) {
            throw new Failure(
                    Problem.CONFIRMATION,
                    "This needs a confirmation: " + question,
                    "Nobody can be asked here; if it is meant: --yes");
        }
        ic.err().print(question + " [y/N] ");
        ic.err().flush();
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        String answer = in.readLine();
        String given = answer == null ? "" : answer.strip().toLowerCase(Locale.ROOT);
        if (!given.equals("y") && !given.equals("yes")) {
            throw new Failure(Problem.CONFIRMATION, "Nothing was removed", "The answer was no");
        }
    }
}
