package icj.candid;

import icj.candid.CandidLexer.Kind;
import icj.candid.CandidLexer.Token;
import icj.candid.CandidType.Field;
import icj.candid.CandidType.Func;
import icj.candid.CandidType.Method;
import icj.candid.CandidType.Mode;
import icj.candid.CandidType.Named;
import icj.candid.CandidType.Primitive;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads `.did` files, and types inside values.
final class DidParser {
    private final CandidTokens tokens;
    private final Map<String, Named> names = new LinkedHashMap<>();
    private final Map<String, Token> used = new LinkedHashMap<>();
    private final Map<String, Boolean> defined = new LinkedHashMap<>();
    private final List<Method> methods = new ArrayList<>();

    private DidParser(CandidTokens tokens) {
        this.tokens = tokens;
    }

    static CandidInterface parse(String source) throws CandidException {
        return new DidParser(new CandidTokens(source)).file();
    }

    /// A type after the colon behind a value; it can't use names, since nothing defines them there.
    static CandidType annotation(CandidTokens tokens) throws CandidException {
        DidParser parser = new DidParser(tokens);
        CandidType type = parser.type();
        parser.checkNames();
        return type;
    }

    private CandidInterface file() throws CandidException {
        List<CandidType> init = List.of();
        CandidType service = null;
        while (tokens.peek().kind() != Kind.END) {
            if (tokens.takeIf("type")) {
                definition();
            } else if (tokens.peek().is("import")) {
                throw tokens.error("imports are not supported; put all types into one file");
            } else if (tokens.peek().is("service")) {
                tokens.take();
                if (!tokens.peek().is(":")) {
                    tokens.name("the name of the service");
                }
                tokens.expect(":");
                if (tokens.peek().is("(")) {
                    init = types();
                    tokens.expect("->");
                }
                service = actor();
                tokens.takeIf(";");
                if (tokens.peek().kind() != Kind.END) {
                    throw tokens.error("nothing may follow the service");
                }
                continue;
            } else {
                throw tokens.error("type or service is expected");
            }
            if (!tokens.takeIf(";") && tokens.peek().kind() != Kind.END) {
                throw tokens.error("; is expected");
            }
        }
        checkNames();
        Map<String, CandidType> types = new LinkedHashMap<>(names);
        return new CandidInterface(types, init, asService(service));
    }

    private static CandidType.@Nullable Service asService(@Nullable CandidType type)
            throws CandidException {
        if (type == null) {
            return null;
        }
        CandidType unfolded = type.unfold();
        if (unfolded instanceof CandidType.Service service) {
            return service;
        }
        // A class: the service comes after its installation arguments.
        throw new CandidException("The type " + type + " is no service");
    }

    private CandidType actor() throws CandidException {
        if (tokens.peek().is("{")) {
            return service();
        }
        return reference(tokens.take());
    }

    private void definition() throws CandidException {
        Token token = tokens.take();
        if (token.kind() != Kind.WORD) {
            throw tokens.error(token, "the name of a type is expected");
        }
        if (Primitive.ofName(token.text()) != null || token.is("blob")) {
            throw tokens.error(token, "this name is a type of Candid itself");
        }
        tokens.expect("=");
        CandidType type = type();
        if (defined.put(token.text(), true) != null) {
            throw tokens.error(token, "the type is defined twice");
        }
        name(token).define(type);
    }

    private Named name(Token token) {
        return names.computeIfAbsent(token.text(), Named::new);
    }

    private CandidType reference(Token token) throws CandidException {
        if (token.kind() != Kind.WORD) {
            throw tokens.error(token, "a type is expected");
        }
        used.putIfAbsent(token.text(), token);
        return name(token);
    }

    private void checkNames() throws CandidException {
        for (Map.Entry<String, Token> use : used.entrySet()) {
            if (!defined.containsKey(use.getKey())) {
                throw tokens.error(use.getValue(), "the type is not defined");
            }
        }
        for (Named name : names.values()) {
            CandidType type = name.definition();
            for (int i = 0; type instanceof Named next; i++) {
                if (i > names.size()) {
                    throw new CandidException(
                            "The type " + name + " is defined by nothing but itself");
                }
                type = next.definition();
            }
        }
        for (Method method : methods) {
            if (!(method.type().unfold() instanceof Func)) {
                throw new CandidException(
                        "The method " + method.name() + " has a type that is no function");
            }
        }
    }

    private CandidType type() throws CandidException {
        tokens.enter();
        Token token = tokens.take();
        if (token.kind() != Kind.WORD) {
            throw tokens.error(token, "a type is expected");
        }
        CandidType type =
                switch (token.text()) {
                    case "opt" -> new CandidType.Opt(type());
                    case "vec" -> new CandidType.Vec(type());
                    case "blob" -> CandidType.Vec.BLOB;
                    case "record" -> record(token);
                    case "variant" -> variant(token);
                    case "func" -> function();
                    case "service" -> service();
                    default -> {
                        Primitive primitive = Primitive.ofName(token.text());
                        yield primitive != null ? primitive : reference(token);
                    }
                };
        tokens.leave();
        return type;
    }

    private CandidType record(Token start) throws CandidException {
        List<Field> fields = new ArrayList<>();
        long next = 0;
        tokens.expect("{");
        while (!tokens.takeIf("}")) {
            CandidLabel label;
            if (tokens.peekSecond().is(":")) {
                label = label();
                tokens.expect(":");
            } else {
                if (next > 0xffffffffL) {
                    throw tokens.error("the label exceeds 32 bits");
                }
                label = CandidLabel.of((int) next);
            }
            fields.add(new Field(label, type()));
            next = Integer.toUnsignedLong(label.id()) + 1;
            if (!tokens.takeIf(";")) {
                tokens.expect("}");
                break;
            }
        }
        try {
            return new CandidType.Record(fields);
        } catch (IllegalArgumentException e) {
            throw tokens.error(start, String.valueOf(e.getMessage()));
        }
    }

    private CandidType variant(Token start) throws CandidException {
        List<Field> fields = new ArrayList<>();
        tokens.expect("{");
        while (!tokens.takeIf("}")) {
            CandidLabel label = label();
            fields.add(new Field(label, tokens.takeIf(":") ? type() : Primitive.NULL));
            if (!tokens.takeIf(";")) {
                tokens.expect("}");
                break;
            }
        }
        try {
            return new CandidType.Variant(fields);
        } catch (IllegalArgumentException e) {
            throw tokens.error(start, String.valueOf(e.getMessage()));
        }
    }

    private CandidLabel label() throws CandidException {
        if (tokens.peek().kind() == Kind.NUMBER) {
            return CandidLabel.of(tokens.labelNumber(tokens.take()));
        }
        return CandidLabel.of(tokens.name("a label"));
    }

    private Func function() throws CandidException {
        List<CandidType> arguments = types();
        tokens.expect("->");
        List<CandidType> results = types();
        EnumSet<Mode> modes = EnumSet.noneOf(Mode.class);
        while (true) {
            Mode found = null;
            for (Mode mode : Mode.values()) {
                if (tokens.takeIf(mode.toString())) {
                    found = mode;
                }
            }
            if (found == null) {
                return new Func(arguments, results, modes);
            }
            modes.add(found);
        }
    }

    /// Types in parentheses, names in front of them ignored.
    private List<CandidType> types() throws CandidException {
        List<CandidType> types = new ArrayList<>();
        tokens.expect("(");
        while (!tokens.takeIf(")")) {
            if (tokens.peekSecond().is(":")) {
                tokens.name("the name of an argument");
                tokens.expect(":");
            }
            types.add(type());
            if (!tokens.takeIf(",")) {
                tokens.expect(")");
                break;
            }
        }
        return types;
    }

    private CandidType service() throws CandidException {
        List<Method> own = new ArrayList<>();
        Token start = tokens.peek();
        tokens.expect("{");
        while (!tokens.takeIf("}")) {
            String name = tokens.name("the name of a method");
            tokens.expect(":");
            CandidType type = tokens.peek().is("(") ? function() : reference(tokens.take());
            own.add(new Method(name, type));
            if (!tokens.takeIf(";")) {
                tokens.expect("}");
                break;
            }
        }
        methods.addAll(own);
        try {
            return new CandidType.Service(own);
        } catch (IllegalArgumentException e) {
            throw tokens.error(start, String.valueOf(e.getMessage()));
        }
    }
}
