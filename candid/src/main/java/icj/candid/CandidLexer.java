package icj.candid;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Cuts text values and `.did` files into tokens. Comments vanish.
final class CandidLexer {
    /// What a token is.
    enum Kind {
        WORD,
        QUOTED,
        NUMBER,
        SYMBOL,
        END
    }

    /// A token.
    ///
    /// @param text the word, number or symbol
    /// @param bytes what stood between the quotes
    /// @param line counted from 1
    record Token(Kind kind, String text, byte[] bytes, int line) {
        boolean is(String symbolOrWord) {
            return (kind == Kind.SYMBOL || kind == Kind.WORD) && text.equals(symbolOrWord);
        }

        /// What messages call it.
        String shown() {
            return switch (kind) {
                case END -> "the end";
                case QUOTED -> "a quoted text";
                case WORD, NUMBER, SYMBOL ->
                        text.length() > 40 ? text.substring(0, 40) + "..." : text;
            };
        }

        /// The quoted text, which must be UTF-8.
        String utf8() throws CandidException {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException e) {
                throw new CandidException("Line " + line + ": the quoted text is not UTF-8");
            }
        }
    }

    private static final byte[] NONE = {};

    private final String source;
    private int at;
    private int line = 1;

    private CandidLexer(String source) {
        this.source = source;
    }

    /// All tokens; the last is of kind END.
    static List<Token> tokens(String source) throws CandidException {
        CandidLexer lexer = new CandidLexer(source);
        List<Token> tokens = new ArrayList<>();
        Token token;
        do {
            token = lexer.next();
            tokens.add(token);
        } while (token.kind != Kind.END);
        return tokens;
    }

    private Token next() throws CandidException {
        blank();
        int start = at;
        char c = peek(0);
        if (at >= source.length()) {
            return new Token(Kind.END, "", NONE, line);
        }
        if (letter(c)) {
            while (letter(peek(0)) || digit(peek(0))) {
                at++;
            }
            return token(Kind.WORD, start);
        }
        boolean signed = (c == '-' || c == '+') && (digit(peek(1)) || letter(peek(1)));
        if (digit(c) || signed) {
            number();
            return token(Kind.NUMBER, start);
        }
        if (c == '"') {
            return quoted();
        }
        if (c == '-' && peek(1) == '>') {
            at += 2;
            return token(Kind.SYMBOL, start);
        }
        if ("(){};:,=.".indexOf(c) >= 0) {
            at++;
            return token(Kind.SYMBOL, start);
        }
        throw error("the character " + c + " has no meaning here");
    }

    private Token token(Kind kind, int start) {
        return new Token(kind, source.substring(start, at), NONE, line);
    }

    private void number() {
        at += digit(peek(0)) ? 0 : 1;
        boolean hex = source.startsWith("0x", at);
        while (true) {
            char c = peek(0);
            char before = Character.toLowerCase(peek(-1));
            boolean sign = (c == '+' || c == '-') && before == (hex ? 'p' : 'e');
            if (!(letter(c) || digit(c) || c == '.' || sign)) {
                return;
            }
            at++;
        }
    }

    private Token quoted() throws CandidException {
        int first = line;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        at++;
        while (true) {
            if (at >= source.length()) {
                throw new CandidException("Line " + first + ": the quoted text has no end");
            }
            int c = source.codePointAt(at);
            at += Character.charCount(c);
            if (c == '"') {
                return new Token(Kind.QUOTED, "", bytes.toByteArray(), first);
            }
            if (c == '\\') {
                escape(bytes);
            } else {
                if (c == '\n') {
                    line++;
                }
                put(bytes, c);
            }
        }
    }

    private void escape(ByteArrayOutputStream bytes) throws CandidException {
        char c = peek(0);
        at++;
        switch (c) {
            case 'n' -> bytes.write('\n');
            case 'r' -> bytes.write('\r');
            case 't' -> bytes.write('\t');
            case '\\', '"', '\'' -> bytes.write(c);
            case 'u' -> codePoint(bytes);
            default -> {
                int high = Character.digit(c, 16);
                int low = Character.digit(peek(0), 16);
                if (high < 0 || low < 0) {
                    throw error("the escape \\" + c + " is unknown");
                }
                at++;
                bytes.write(high << 4 | low);
            }
        }
    }

    private void codePoint(ByteArrayOutputStream bytes) throws CandidException {
        int end = source.indexOf('}', at);
        if (peek(0) != '{' || end < 0 || end - at > 20) {
            throw error("the escape \\u lacks its braces");
        }
        String digits = source.substring(at + 1, end).replace("_", "");
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = Character.digit(digits.charAt(i), 16);
            if (digit < 0 || value > 0x10ffff) {
                throw error("the escape \\u holds no number");
            }
            value = value << 4 | digit;
        }
        boolean scalar = value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff);
        if (digits.isEmpty() || !scalar) {
            throw error("the escape \\u names no character");
        }
        at = end + 1;
        put(bytes, value);
    }

    private void put(ByteArrayOutputStream bytes, int codePoint) throws CandidException {
        if (codePoint >= 0xd800 && codePoint <= 0xdfff) {
            throw error("the quoted text holds half a character");
        }
        bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
    }

    private void blank() throws CandidException {
        while (at < source.length()) {
            char c = peek(0);
            if (c == '\n') {
                line++;
                at++;
            } else if (c == ' ' || c == '\t' || c == '\r' || c == '\ufeff') {
                at++;
            } else if (c == '/' && peek(1) == '/') {
                while (at < source.length() && peek(0) != '\n') {
                    at++;
                }
            } else if (c == '/' && peek(1) == '*') {
                comment();
            } else {
                return;
            }
        }
    }

    private void comment() throws CandidException {
        int first = line;
        int depth = 0;
        do {
            if (at >= source.length()) {
                throw new CandidException("Line " + first + ": the comment has no end");
            }
            char c = peek(0);
            if (c == '/' && peek(1) == '*') {
                depth++;
                at += 2;
            } else if (c == '*' && peek(1) == '/') {
                depth--;
                at += 2;
            } else {
                line += c == '\n' ? 1 : 0;
                at++;
            }
        } while (depth > 0);
    }

    private char peek(int offset) {
        int index = at + offset;
        return index >= 0 && index < source.length() ? source.charAt(index) : '\0';
    }

    private static boolean letter(char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    private CandidException error(String what) {
        return new CandidException("Line " + line + ": " + what);
    }
}
