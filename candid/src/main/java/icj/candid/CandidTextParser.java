package icj.candid;

import icj.candid.CandidLexer.Kind;
import icj.candid.CandidLexer.Token;
import icj.candid.CandidType.Primitive;

import java.util.ArrayList;
import java.util.List;

/// Reads values in the text form.
final class CandidTextParser {
    private final CandidTokens tokens;

    private CandidTextParser(CandidTokens tokens) {
        this.tokens = tokens;
    }

    static List<CandidValue> arguments(String text) throws CandidException {
        CandidTextParser parser = new CandidTextParser(new CandidTokens(text));
        List<CandidValue> values = parser.tuple();
        if (parser.tokens.peek().kind() != Kind.END) {
            throw parser.tokens.error("the arguments have ended before");
        }
        return values;
    }

    private List<CandidValue> tuple() throws CandidException {
        List<CandidValue> values = new ArrayList<>();
        tokens.expect("(");
        while (!tokens.takeIf(")")) {
            values.add(annotated());
            if (!tokens.takeIf(",")) {
                tokens.expect(")");
                break;
            }
        }
        return values;
    }

    private CandidValue annotated() throws CandidException {
        CandidValue value = value();
        if (!tokens.peek().is(":")) {
            return value;
        }
        Token colon = tokens.take();
        CandidType type = DidParser.annotation(tokens);
        try {
            return CandidFitting.fit(value, type);
        } catch (CandidException e) {
            throw tokens.error(colon, e.getMessage());
        }
    }

    private CandidValue value() throws CandidException {
        tokens.enter();
        Token token = tokens.take();
        CandidValue value =
                switch (token.kind()) {
                    case NUMBER -> number(token);
                    case QUOTED -> new CandidValue.Text(token.utf8());
                    case WORD -> word(token);
                    case SYMBOL -> {
                        if (!token.is("(")) {
                            throw tokens.error(token, "a value is expected");
                        }
                        CandidValue inner = annotated();
                        tokens.expect(")");
                        yield inner;
                    }
                    case END -> throw tokens.error(token, "a value is expected");
                };
        tokens.leave();
        return value;
    }

    private CandidValue number(Token token) throws CandidException {
        String text = token.text();
        if (text.equals("-inf") || text.equals("+inf")) {
            return new CandidValue.Float64(
                    text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
        }
        return CandidTokens.isWhole(text)
                ? new CandidValue.Int(tokens.whole(token))
                : new CandidValue.Float64(tokens.decimal(token));
    }

    private CandidValue word(Token token) throws CandidException {
        return switch (token.text()) {
            case "null" -> new CandidValue.Null();
            case "true" -> new CandidValue.Bool(true);
            case "false" -> new CandidValue.Bool(false);
            case "nan" -> new CandidValue.Float64(Double.NaN);
            case "inf" -> new CandidValue.Float64(Double.POSITIVE_INFINITY);
            case "opt" -> new CandidValue.Opt(value());
            case "blob" -> {
                if (tokens.peek().kind() != Kind.QUOTED) {
                    throw tokens.error("the bytes in quotes are expected");
                }
                yield CandidValue.Blob.owning(tokens.take().bytes());
            }
            case "principal" -> new CandidValue.Id(principal());
            case "service" -> new CandidValue.Service(principal());
            case "func" -> {
                Principal service = principal();
                tokens.expect(".");
                yield new CandidValue.Func(service, tokens.name("the name of the method"));
            }
            case "vec" -> vector();
            case "record" -> record(token);
            case "variant" -> variant();
            default -> throw tokens.error(token, "a value is expected");
        };
    }

    private Principal principal() throws CandidException {
        Token token = tokens.peek();
        String text = tokens.quoted("a principal");
        try {
            return Principal.fromText(text);
        } catch (IllegalArgumentException e) {
            throw tokens.error(token, String.valueOf(e.getMessage()));
        }
    }

    private CandidValue vector() throws CandidException {
        List<CandidValue> elements = new ArrayList<>();
        tokens.expect("{");
        while (!tokens.takeIf("}")) {
            elements.add(annotated());
            if (!tokens.takeIf(";")) {
                tokens.expect("}");
                break;
            }
        }
        return blobIfBytes(elements);
    }

    /// Vectors of nat8 have one representation.
    private static CandidValue blobIfBytes(List<CandidValue> elements) {
        byte[] bytes = new byte[elements.size()];
        for (int i = 0; i < bytes.length; i++) {
            if (!(elements.get(i) instanceof CandidValue.Fixed fixed)
                    || fixed.type() != Primitive.NAT8) {
                return new CandidValue.Vec(elements);
            }
            bytes[i] = (byte) fixed.bits();
        }
        return bytes.length == 0 ? new CandidValue.Vec(elements) : CandidValue.Blob.owning(bytes);
    }

    private CandidValue record(Token start) throws CandidException {
        List<CandidValue.Field> fields = new ArrayList<>();
        long next = 0;
        tokens.expect("{");
        while (!tokens.takeIf("}")) {
            CandidLabel label;
            if (tokens.peekSecond().is("=")) {
                label = label();
                tokens.expect("=");
            } else {
                if (next > 0xffffffffL) {
                    throw tokens.error("the label exceeds 32 bits");
                }
                label = CandidLabel.of((int) next);
            }
            fields.add(new CandidValue.Field(label, annotated()));
            next = Integer.toUnsignedLong(label.id()) + 1;
            if (!tokens.takeIf(";")) {
                tokens.expect("}");
                break;
            }
        }
        try {
            return new CandidValue.Record(fields);
        } catch (IllegalArgumentException e) {
            throw tokens.error(start, String.valueOf(e.getMessage()));
        }
    }

    private CandidValue variant() throws CandidException {
        tokens.expect("{");
        CandidLabel label = label();
        CandidValue value = tokens.takeIf("=") ? annotated() : new CandidValue.Null();
        tokens.takeIf(";");
        tokens.expect("}");
        return new CandidValue.Variant(label, value);
    }

    private CandidLabel label() throws CandidException {
        Token token = tokens.peek();
        if (token.kind() == Kind.NUMBER) {
            return CandidLabel.of(tokens.labelNumber(tokens.take()));
        }
        return CandidLabel.of(tokens.name("a label"));
    }
}
