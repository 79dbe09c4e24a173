package icj.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A document and its blocks of commands.
///
/// A block that begins with the line ```` ```sh run ```` or ```` ```js run ```` is run; ```` ```sh
/// run node ```` needs Node; ```` ```sh not-run ```` is not run. A block ```` ```text output ````
/// after it shows what it prints: each of its lines must be printed, in this order, and `...` in it
/// stands for any text.
///
/// @param name the path in the repository
/// @param blocks those to run, in order
/// @param unmarked places of blocks with commands of which nothing is said
record Document(String name, List<Block> blocks, List<String> unmarked) {
    private static final Pattern FENCE = Pattern.compile("^ {0,3}(`{3,})\\s*(.*)$");
    private static final Pattern INDENTED_COMMAND = Pattern.compile("^( {4}|\t)(\\./ic|mvn) .*");

    /// Commands to run.
    ///
    /// @param file the document
    /// @param line where the block begins, from 1
    /// @param language `sh` or `js`
    /// @param needsNode whether it runs only where Node is
    /// @param shown what the document says that it prints
    record Block(
            String file,
            int line,
            String language,
            boolean needsNode,
            String text,
            List<String> shown) {
        /// As `README.md:12`.
        String place() {
            return file + ":" + line;
        }

        /// The first shown line that the output lacks, or null.
        String missing(String output) {
            List<String> printed = output.lines().map(String::strip).toList();
            int at = 0;
            for (String wanted : shown) {
                Pattern pattern = pattern(wanted.strip());
                while (at < printed.size() && !pattern.matcher(printed.get(at)).matches()) {
                    at++;
                }
                if (at == printed.size()) {
                    return wanted;
                }
                at++;
            }
            return null;
        }

        private static Pattern pattern(String wanted) {
            StringBuilder regex = new StringBuilder();
            for (String part : wanted.split("\\.\\.\\.", -1)) {
                regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
            }
            return Pattern.compile(regex.toString());
        }
    }

    /// Reads a document of a folder.
    static Document read(Path root, String name) {
        try {
            return parse(name, Files.readString(root.resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Document parse(String name, String text) {
        List<Block> blocks = new ArrayList<>();
        List<String> unmarked = new ArrayList<>();
        List<String> lines = text.lines().toList();
        int at = 0;
        while (at < lines.size()) {
            Matcher fence = FENCE.matcher(lines.get(at));
            if (!fence.matches()) {
                if (INDENTED_COMMAND.matcher(lines.get(at)).matches()) {
                    unmarked.add(name + ":" + (at + 1));
                }
                at++;
                continue;
            }
            int begin = at + 1;
            int end = begin;
            while (end < lines.size() && !lines.get(end).strip().equals(fence.group(1))) {
                end++;
            }
            List<String> body = lines.subList(begin, end);
            switch (fence.group(2).strip()) {
                case "sh run" -> blocks.add(block(name, begin, "sh", false, body));
                case "sh run node" -> blocks.add(block(name, begin, "sh", true, body));
                case "js run" -> blocks.add(block(name, begin, "js", true, body));
                case "text output" -> {
                    if (blocks.isEmpty()) {
                        throw new AssertionError(
                                name + ":" + begin + ": output without a block that is run");
                    }
                    Block last = blocks.removeLast();
                    blocks.add(
                            new Block(
                                    name,
                                    last.line(),
                                    last.language(),
                                    last.needsNode(),
                                    last.text(),
                                    List.copyOf(body)));
                }
                case String other -> {
                    boolean commands = other.matches("(sh|bash|shell|console|js|javascript)\\b.*");
                    if (commands && !other.endsWith(" not-run")) {
                        unmarked.add(name + ":" + begin);
                    }
                }
            }
            at = end + 1;
        }
        return new Document(name, List.copyOf(blocks), List.copyOf(unmarked));
    }

    private static Block block(
            String name, int line, String language, boolean needsNode, List<String> body) {
        return new Block(
                name, line, language, needsNode, String.join("\n", body) + "\n", List.of());
    }
}
