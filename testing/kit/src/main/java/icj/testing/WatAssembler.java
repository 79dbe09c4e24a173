package icj.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Turns the part of the WebAssembly text format that our own canisters need into a module: 32-bit
/// memory, integer instructions and a few of `f64`, folded or flat, named functions, globals and
/// locals, data, one table by `(table funcref (elem $f $g))` and calls through it, custom sections
/// by `(@custom "name" "bytes")`. What it doesn't know is an error that names it.
///
/// The same text always gives the same bytes.
public final class WatAssembler {
    private static final int I32 = 0x7f;
    private static final int I64 = 0x7e;
    private static final int F64 = 0x7c;
    private static final int VOID = 0x40;
    private static final int FUNC = 0x60;
    private static final int END = 0x0b;
    private static final int ELSE = 0x05;

    private static final Map<String, Integer> PLAIN = new TreeMap<>();
    private static final Map<String, int[]> MEMORY = new TreeMap<>();

    static {
        plain(0x00, "unreachable", "nop");
        plain(0x0f, "return");
        plain(0x1a, "drop", "select");
        plain(
                0x45,
                "i32.eqz",
                "i32.eq",
                "i32.ne",
                "i32.lt_s",
                "i32.lt_u",
                "i32.gt_s",
                "i32.gt_u",
                "i32.le_s",
                "i32.le_u",
                "i32.ge_s",
                "i32.ge_u",
                "i64.eqz",
                "i64.eq",
                "i64.ne",
                "i64.lt_s",
                "i64.lt_u",
                "i64.gt_s",
                "i64.gt_u",
                "i64.le_s",
                "i64.le_u",
                "i64.ge_s",
                "i64.ge_u");
        plain(
                0x67,
                "i32.clz",
                "i32.ctz",
                "i32.popcnt",
                "i32.add",
                "i32.sub",
                "i32.mul",
                "i32.div_s",
                "i32.div_u",
                "i32.rem_s",
                "i32.rem_u",
                "i32.and",
                "i32.or",
                "i32.xor",
                "i32.shl",
                "i32.shr_s",
                "i32.shr_u",
                "i32.rotl",
                "i32.rotr",
                "i64.clz",
                "i64.ctz",
                "i64.popcnt",
                "i64.add",
                "i64.sub",
                "i64.mul",
                "i64.div_s",
                "i64.div_u",
                "i64.rem_s",
                "i64.rem_u",
                "i64.and",
                "i64.or",
                "i64.xor",
                "i64.shl",
                "i64.shr_s",
                "i64.shr_u",
                "i64.rotl",
                "i64.rotr");
        plain(0xa0, "f64.add", "f64.sub", "f64.mul", "f64.div");
        plain(0xb0, "i64.trunc_f64_s");
        plain(0xb7, "f64.convert_i32_s");
        plain(0xa7, "i32.wrap_i64");
        plain(0xac, "i64.extend_i32_s", "i64.extend_i32_u");
        memory(0x28, 2, "i32.load");
        memory(0x29, 3, "i64.load");
        memory(0x2b, 3, "f64.load");
        memory(0x39, 3, "f64.store");
        memory(0x2d, 0, "i32.load8_u");
        memory(0x31, 0, "i64.load8_u");
        memory(0x35, 2, "i64.load32_u");
        memory(0x36, 2, "i32.store");
        memory(0x37, 3, "i64.store");
        memory(0x3a, 0, "i32.store8");
        memory(0x3c, 0, "i64.store8");
    }

    private final List<List<Integer>> types = new ArrayList<>();
    private final Map<String, Integer> functions = new LinkedHashMap<>();
    private final Map<String, Integer> globals = new LinkedHashMap<>();
    private final Bytes imports = new Bytes();
    private final Bytes declared = new Bytes();
    private final Bytes exports = new Bytes();
    private final Bytes globalBytes = new Bytes();
    private final Bytes code = new Bytes();
    private final Bytes data = new Bytes();
    private final Bytes custom = new Bytes();
    private final Bytes memories = new Bytes();
    private final Bytes tables = new Bytes();
    private final Bytes elements = new Bytes();
    private int importCount;
    private int functionCount;
    private int exportCount;
    private int globalCount;
    private int dataCount;
    private int memoryCount;
    private int tableCount;

    private WatAssembler() {}

    /// The module of this text.
    ///
    /// @throws IllegalArgumentException that names what is not understood
    public static byte[] assemble(String wat) {
        List<Node> read = new Reader(wat).all();
        if (read.size() != 1 || !read.getFirst().isList("module")) {
            throw new IllegalArgumentException("One (module ...) is wanted");
        }
        return new WatAssembler().module(read.getFirst().children());
    }

    private byte[] module(List<Node> fields) {
        List<Node> rest = fields.subList(1, fields.size());
        rest.stream().filter(f -> f.isList("import")).forEach(this::importFunction);
        int index = importCount;
        for (Node field : rest) {
            if (field.isList("func")) {
                functions.put(field.children().get(1).name(), index++);
            }
        }
        for (Node field : rest) {
            switch (field.head()) {
                case "import" -> {}
                case "func" -> function(field);
                case "memory" -> memory(field);
                case "table" -> table(field);
                case "global" -> global(field);
                case "data" -> data(field);
                case "@custom" -> custom(field);
                default -> throw new IllegalArgumentException("Unknown field " + field.head());
            }
        }
        Bytes out = new Bytes();
        out.raw(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        out.section(1, types.size(), typeBytes());
        out.section(2, importCount, imports);
        out.section(3, functionCount, declared);
        out.section(4, tableCount, tables);
        out.section(5, memoryCount, memories);
        out.section(6, globalCount, globalBytes);
        out.section(7, exportCount, exports);
        out.section(9, tableCount, elements);
        out.section(10, functionCount, code);
        out.section(11, dataCount, data);
        out.raw(custom.toByteArray());
        return out.toByteArray();
    }

    private void importFunction(Node field) {
        Node function = field.children().get(3);
        functions.put(function.children().get(1).name(), importCount++);
        imports.text(field.children().get(1).string());
        imports.text(field.children().get(2).string());
        imports.u8(0);
        imports.unsigned(type(new Signature(function.children(), 2)));
    }

    private void function(Node field) {
        List<Node> parts = field.children();
        int at = 2;
        while (at < parts.size() && parts.get(at).isList("export")) {
            exports.text(parts.get(at).children().get(1).string());
            exports.u8(0).unsigned(importCount + functionCount);
            exportCount++;
            at++;
        }
        Signature signature = new Signature(parts, at);
        declared.unsigned(type(signature));
        functionCount++;
        Bytes body = new Bytes();
        body.unsigned(signature.locals.size());
        for (int type : signature.locals) {
            body.unsigned(1).u8(type);
        }
        new Body(body, signature.names).sequence(parts.subList(signature.end, parts.size()));
        body.u8(END);
        code.unsigned(body.size()).raw(body.toByteArray());
    }

    private void memory(Node field) {
        List<Node> parts = field.children();
        int at = 1;
        if (parts.get(at).isList("export")) {
            exports.text(parts.get(at).children().get(1).string()).u8(2).unsigned(0);
            exportCount++;
            at++;
        }
        boolean bounded = at + 1 < parts.size();
        memories.u8(bounded ? 1 : 0).unsigned(parts.get(at).number());
        if (bounded) {
            memories.unsigned(parts.get(at + 1).number());
        }
        memoryCount++;
    }

    private void table(Node field) {
        List<Node> named = field.children().get(2).children();
        int size = named.size() - 1;
        tables.u8(0x70).u8(0).unsigned(size);
        elements.u8(0).u8(0x41).u8(0).u8(END).unsigned(size);
        for (Node function : named.subList(1, named.size())) {
            Integer index = functions.get(function.name());
            if (index == null) {
                throw new IllegalArgumentException("Unknown function " + function.name());
            }
            elements.unsigned(index);
        }
        tableCount++;
    }

    private void global(Node field) {
        List<Node> parts = field.children();
        globals.put(parts.get(1).name(), globalCount++);
        Node type = parts.get(2);
        boolean mutable = type.isList("mut");
        globalBytes.u8(valueType(mutable ? type.children().get(1).atom() : type.atom()));
        globalBytes.u8(mutable ? 1 : 0);
        new Body(globalBytes, Map.of()).sequence(parts.subList(3, parts.size()));
        globalBytes.u8(END);
    }

    private void data(Node field) {
        data.u8(0);
        new Body(data, Map.of()).sequence(field.children().subList(1, 2));
        data.u8(END);
        Bytes bytes = new Bytes();
        for (Node part : field.children().subList(2, field.children().size())) {
            bytes.raw(part.bytes());
        }
        data.unsigned(bytes.size()).raw(bytes.toByteArray());
        dataCount++;
    }

    private void custom(Node field) {
        Bytes section = new Bytes();
        section.text(field.children().get(1).string());
        for (Node part : field.children().subList(2, field.children().size())) {
            section.raw(part.bytes());
        }
        custom.u8(0).unsigned(section.size()).raw(section.toByteArray());
    }

    private int type(Signature signature) {
        List<Integer> type = new ArrayList<>();
        type.add(FUNC);
        type.add(signature.parameters.size());
        type.addAll(signature.parameters);
        type.add(signature.results.size());
        type.addAll(signature.results);
        int known = types.indexOf(type);
        if (known >= 0) {
            return known;
        }
        types.add(type);
        return types.size() - 1;
    }

    private Bytes typeBytes() {
        Bytes bytes = new Bytes();
        types.forEach(type -> type.forEach(bytes::u8));
        return bytes;
    }

    private static int valueType(String name) {
        return switch (name) {
            case "i32" -> I32;
            case "i64" -> I64;
            case "f64" -> F64;
            default -> throw new IllegalArgumentException("Unknown type " + name);
        };
    }

    private static void plain(int first, String... names) {
        for (int i = 0; i < names.length; i++) {
            PLAIN.put(names[i], first + i);
        }
    }

    private static void memory(int opcode, int alignment, String name) {
        MEMORY.put(name, new int[] {opcode, alignment});
    }

    /// Parameters, results and locals at the head of a function.
    private static final class Signature {
        final List<Integer> parameters = new ArrayList<>();
        final List<Integer> results = new ArrayList<>();
        final List<Integer> locals = new ArrayList<>();
        final Map<String, Integer> names = new LinkedHashMap<>();
        final int end;

        Signature(List<Node> parts, int from) {
            int at = from;
            for (; at < parts.size(); at++) {
                Node part = parts.get(at);
                if (part.isList("param")) {
                    variables(part, parameters);
                } else if (part.isList("result")) {
                    part.children().stream()
                            .skip(1)
                            .forEach(type -> results.add(valueType(type.atom())));
                } else if (part.isList("local")) {
                    variables(part, locals);
                } else {
                    break;
                }
            }
            end = at;
        }

        private void variables(Node part, List<Integer> kind) {
            List<Node> names = part.children();
            if (names.get(1).atom().startsWith("$")) {
                this.names.put(names.get(1).atom(), parameters.size() + locals.size());
                kind.add(valueType(names.get(2).atom()));
            } else {
                names.stream().skip(1).forEach(type -> kind.add(valueType(type.atom())));
            }
        }
    }

    /// Instructions, with the labels that are open.
    private final class Body {
        private final Bytes out;
        private final Map<String, Integer> locals;
        private final List<String> labels = new ArrayList<>();

        Body(Bytes out, Map<String, Integer> locals) {
            this.out = out;
            this.locals = locals;
        }

        void sequence(List<Node> nodes) {
            for (int at = 0; at < nodes.size(); ) {
                Node node = nodes.get(at);
                if (node.isList()) {
                    folded(node);
                    at++;
                } else {
                    at += 1 + instruction(node.atom(), nodes, at + 1);
                }
            }
        }

        private void folded(Node node) {
            List<Node> parts = node.children();
            switch (node.head()) {
                case "block" -> structured(0x02, parts, 1);
                case "loop" -> structured(0x03, parts, 1);
                case "if" -> branch(parts);
                case "call_indirect" -> {
                    Signature signature = new Signature(parts, 1);
                    sequence(parts.subList(signature.end, parts.size()));
                    out.u8(0x11).unsigned(type(signature)).u8(0);
                }
                default -> {
                    // Immediates are atoms, operands are lists.
                    int operands = 1;
                    while (operands < parts.size() && !parts.get(operands).isList()) {
                        operands++;
                    }
                    sequence(parts.subList(operands, parts.size()));
                    instruction(node.head(), parts.subList(0, operands), 1);
                }
            }
        }

        private void structured(int opcode, List<Node> parts, int from) {
            int at = from;
            String label = "";
            if (at < parts.size() && !parts.get(at).isList()) {
                label = parts.get(at++).atom();
            }
            out.u8(opcode);
            at = blockType(parts, at);
            labels.add(label);
            sequence(parts.subList(at, parts.size()));
            labels.removeLast();
            out.u8(END);
        }

        private void branch(List<Node> parts) {
            int at = 1;
            int type = VOID;
            if (parts.get(at).isList("result")) {
                type = valueType(parts.get(at).children().get(1).atom());
                at++;
            }
            sequence(parts.subList(at, at + 1));
            out.u8(0x04).u8(type);
            labels.add("");
            List<Node> then = parts.get(at + 1).children();
            sequence(then.subList(1, then.size()));
            if (at + 2 < parts.size()) {
                out.u8(ELSE);
                List<Node> otherwise = parts.get(at + 2).children();
                sequence(otherwise.subList(1, otherwise.size()));
            }
            labels.removeLast();
            out.u8(END);
        }

        private int blockType(List<Node> parts, int at) {
            if (at < parts.size() && parts.get(at).isList("result")) {
                out.u8(valueType(parts.get(at).children().get(1).atom()));
                return at + 1;
            }
            out.u8(VOID);
            return at;
        }

        /// Writes one instruction; how many immediates it took.
        private int instruction(String name, List<Node> nodes, int next) {
            Integer plain = PLAIN.get(name);
            if (plain != null) {
                out.u8(plain);
                return 0;
            }
            int[] access = MEMORY.get(name);
            if (access != null) {
                boolean offset =
                        next < nodes.size()
                                && !nodes.get(next).isList()
                                && nodes.get(next).atom().startsWith("offset=");
                out.u8(access[0]).unsigned(access[1]);
                out.unsigned(offset ? Long.decode(nodes.get(next).atom().substring(7)) : 0);
                return offset ? 1 : 0;
            }
            switch (name) {
                case "memory.size" -> {
                    out.u8(0x3f).u8(0);
                    return 0;
                }
                case "memory.grow" -> {
                    out.u8(0x40).u8(0);
                    return 0;
                }
                case "memory.copy" -> {
                    out.u8(0xfc).u8(10).u8(0).u8(0);
                    return 0;
                }
                case "memory.fill" -> {
                    out.u8(0xfc).u8(11).u8(0);
                    return 0;
                }
                default -> {}
            }
            Node immediate = nodes.get(next);
            switch (name) {
                case "i32.const" -> out.u8(0x41).signed((int) immediate.number());
                case "i64.const" -> out.u8(0x42).signed(immediate.number());
                case "local.get" -> out.u8(0x20).unsigned(local(immediate));
                case "local.set" -> out.u8(0x21).unsigned(local(immediate));
                case "local.tee" -> out.u8(0x22).unsigned(local(immediate));
                case "global.get" -> out.u8(0x23).unsigned(known(globals, immediate));
                case "global.set" -> out.u8(0x24).unsigned(known(globals, immediate));
                case "call" -> out.u8(0x10).unsigned(known(functions, immediate));
                case "br" -> out.u8(0x0c).unsigned(label(immediate));
                case "br_if" -> out.u8(0x0d).unsigned(label(immediate));
                default -> throw new IllegalArgumentException("Unknown instruction " + name);
            }
            return 1;
        }

        private int local(Node node) {
            return node.atom().startsWith("$") ? known(locals, node) : (int) node.number();
        }

        private int label(Node node) {
            if (!node.atom().startsWith("$")) {
                return (int) node.number();
            }
            int position = labels.lastIndexOf(node.atom());
            if (position < 0) {
                throw new IllegalArgumentException("Unknown label " + node.atom());
            }
            return labels.size() - 1 - position;
        }

        private int known(Map<String, Integer> names, Node node) {
            Integer index = names.get(node.atom());
            if (index == null) {
                throw new IllegalArgumentException("Unknown name " + node.atom());
            }
            return index;
        }
    }

    /// A list, an atom, or a string.
    private record Node(List<Node> children, String atom, byte[] bytes, boolean isList) {
        static Node list(List<Node> children) {
            return new Node(children, "", new byte[0], true);
        }

        static Node atom(String atom) {
            return new Node(List.of(), atom, new byte[0], false);
        }

        static Node string(byte[] bytes) {
            return new Node(List.of(), "\"", bytes, false);
        }

        boolean isList(String head) {
            return isList && !children.isEmpty() && children.getFirst().atom.equals(head);
        }

        String head() {
            return children.isEmpty() ? "" : children.getFirst().atom;
        }

        String name() {
            if (!atom.startsWith("$")) {
                throw new IllegalArgumentException("A name is wanted, this is " + atom);
            }
            return atom;
        }

        String string() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        long number() {
            String digits = atom.replace("_", "");
            return digits.startsWith("0x")
                    ? Long.parseUnsignedLong(digits.substring(2), 16)
                    : Long.parseLong(digits);
        }
    }

    /// Reads the text into nodes.
    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        List<Node> all() {
            List<Node> nodes = new ArrayList<>();
            for (skip(); at < text.length(); skip()) {
                nodes.add(node());
            }
            return nodes;
        }

        private Node node() {
            char first = text.charAt(at);
            if (first == '(') {
                at++;
                List<Node> children = new ArrayList<>();
                for (skip(); text.charAt(at) != ')'; skip()) {
                    children.add(node());
                }
                at++;
                return Node.list(children);
            }
            if (first == '"') {
                return Node.string(string());
            }
            int from = at;
            while (at < text.length() && " \t\r\n();\"".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            if (at == from) {
                throw new IllegalArgumentException("Unexpected " + first + " at " + at);
            }
            return Node.atom(text.substring(from, at));
        }

        private byte[] string() {
            Bytes bytes = new Bytes();
            for (at++; text.charAt(at) != '"'; at++) {
                char c = text.charAt(at);
                if (c != '\\') {
                    bytes.raw(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                    continue;
                }
                char escaped = text.charAt(++at);
                switch (escaped) {
                    case 'n' -> bytes.u8('\n');
                    case 't' -> bytes.u8('\t');
                    case '"', '\\', '\'' -> bytes.u8(escaped);
                    default -> bytes.u8(Integer.parseInt(text.substring(at, ++at + 1), 16));
                }
            }
            at++;
            return bytes.toByteArray();
        }

        private void skip() {
            while (at < text.length()) {
                if (Character.isWhitespace(text.charAt(at))) {
                    at++;
                } else if (text.startsWith(";;", at)) {
                    int end = text.indexOf('\n', at);
                    at = end < 0 ? text.length() : end;
                } else if (text.startsWith("(;", at)) {
                    at = text.indexOf(";)", at) + 2;
                } else {
                    return;
                }
            }
        }
    }

    /// Bytes as they are written.
    private static final class Bytes extends ByteArrayOutputStream {
        Bytes u8(int value) {
            write(value);
            return this;
        }

        Bytes raw(byte[] bytes) {
            writeBytes(bytes);
            return this;
        }

        Bytes text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            return unsigned(utf8.length).raw(utf8);
        }

        Bytes unsigned(long value) {
            long rest = value;
            do {
                int low = (int) (rest & 0x7f);
                rest >>>= 7;
                u8(rest == 0 ? low : low | 0x80);
            } while (rest != 0);
            return this;
        }

        Bytes signed(long value) {
            long rest = value;
            while (true) {
                int low = (int) (rest & 0x7f);
                rest >>= 7;
                if (rest == 0 && (low & 0x40) == 0 || rest == -1 && (low & 0x40) != 0) {
                    return u8(low);
                }
                u8(low | 0x80);
            }
        }

        void section(int id, int count, Bytes content) {
            if (count == 0) {
                return;
            }
            Bytes whole = new Bytes();
            whole.unsigned(count).raw(content.toByteArray());
            u8(id).unsigned(whole.size()).raw(whole.toByteArray());
        }
    }
}
