package icj.candid;

import icj.candid.CandidLexer.Kind;
import icj.candid.CandidLexer.Token;

import java.math.BigInteger;
import java.util.List;

/// A place in a list of tokens, with what the two parsers need of it.
final class CandidTokens {
    private static final int DEPTH_MAX = 400;
    private static final int DIGITS_MAX = 100_000;

    private final List<Token> tokens;
    private int at;
    private int depth;

    CandidTokens(String source) throws CandidException {
        tokens = CandidLexer.tokens(source);
    }

    Token peek() {
        return tokens.get(at);
    }

    Token peekSecond() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token take() {
        Token token = tokens.get(at);
        if (at < tokens.size() - 1) {
            at++;
        }
        return token;
    }

    /// Takes the next token if it is this symbol or word.
    boolean takeIf(String symbolOrWord) {
        boolean is = peek().is(symbolOrWord);
        if (is) {
            take();
        }
        return is;
    }

    void expect(String symbolOrWord) throws CandidException {
        if (!takeIf(symbolOrWord)) {
            throw error(symbolOrWord + " is expected");
        }
    }

    String quoted(String what) throws CandidException {
        if (peek().kind() != Kind.QUOTED) {
            throw error(what + " in quotes is expected");
        }
        return take().utf8();
    }

    /// A word or quoted text.
    String name(String what) throws CandidException {
        if (peek().kind() == Kind.WORD) {
            return take().text();
        }
        return quoted(what);
    }

    void enter() throws CandidException {
        if (++depth > DEPTH_MAX) {
            throw error("the nesting is deeper than " + DEPTH_MAX + " levels");
        }
    }

    void leave() {
        depth--;
    }

    /// A label number of 32 bits.
    int labelNumber(Token token) throws CandidException {
        BigInteger value = whole(token);
        if (value.signum() < 0 || value.bitLength() > 32) {
            throw error(token, "the label exceeds 32 bits");
        }
        return value.intValue();
    }

    /// Whether a number has neither a point nor an exponent.
    static boolean isWhole(String text) {
        boolean hex = text.startsWith("0x") || text.startsWith("0x", 1);
        return text.indexOf('.') < 0
                && (hex
                        ? text.indexOf('p') < 0 && text.indexOf('P') < 0
                        : text.indexOf('e') < 0 && text.indexOf('E') < 0);
    }

    BigInteger whole(Token token) throws CandidException {
        String text = token.text();
        if (text.length() > DIGITS_MAX) {
            throw error(token, "the number has too many digits");
        }
        boolean negative = text.startsWith("-");
        String digits = negative || text.startsWith("+") ? text.substring(1) : text;
        int radix = digits.startsWith("0x") ? 16 : 10;
        String plain = radix == 16 ? digits.substring(2) : digits;
        boolean odd = plain.isEmpty() || plain.startsWith("_") || plain.endsWith("_");
        if (odd || plain.contains("__") || plain.startsWith("-") || plain.startsWith("+")) {
            throw error(token, "the number is malformed");
        }
        try {
            BigInteger value = new BigInteger(plain.replace("_", ""), radix);
            return negative ? value.negate() : value;
        } catch (NumberFormatException e) {
            throw error(token, "the number is malformed");
        }
    }

    double decimal(Token token) throws CandidException {
        String text = token.text().replace("_", "");
        boolean hex = text.startsWith("0x") || text.startsWith("0x", 1);
        String java = hex && text.indexOf('p') < 0 && text.indexOf('P') < 0 ? text + "p0" : text;
        char last = java.charAt(java.length() - 1);
        if (last != '.' && !(last >= '0' && last <= '9')) {
            throw error(token, "the number is malformed");
        }
        try {
            return Double.parseDouble(java);
        } catch (NumberFormatException e) {
            throw error(token, "the number is malformed");
        }
    }

    CandidException error(String what) {
        return error(peek(), what);
    }

    CandidException error(Token token, String what) {
        return new CandidException("Line " + token.line() + ", at " + token.shown() + ": " + what);
    }
}
