package icj.candid;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Writes values in the text form.
final class CandidPrinter {
    private static final int WIDTH = 80;
    private static final int INDENT = 2;
    private static final String HEX = "0123456789abcdef";

    private static final List<String> KEYWORDS =
            List.of(
                    "blob",
                    "bool",
                    "composite_query",
                    "empty",
                    "false",
                    "float32",
                    "float64",
                    "func",
                    "import",
                    "int",
                    "int16",
                    "int32",
                    "int64",
                    "int8",
                    "nat",
                    "nat16",
                    "nat32",
                    "nat64",
                    "nat8",
                    "null",
                    "oneway",
                    "opt",
                    "principal",
                    "query",
                    "record",
                    "reserved",
                    "service",
                    "text",
                    "true",
                    "type",
                    "variant",
                    "vec");

    private CandidPrinter() {}

    static String print(List<CandidValue> values) {
        return group("(", printed(values), ",", ")");
    }

    static String print(CandidValue value) {
        return switch (value) {
            case CandidValue.Null none -> "null";
            case CandidValue.Bool bool -> bool.value() ? "true" : "false";
            case CandidValue.Nat nat -> nat.value() + " : nat";
            case CandidValue.Int number -> number.value() + " : int";
            case CandidValue.Fixed fixed -> fixed.value() + " : " + fixed.type();
            case CandidValue.Float32 number ->
                    decimal(Float.toString(number.value())) + " : float32";
            case CandidValue.Float64 number ->
                    decimal(Double.toString(number.value())) + " : float64";
            case CandidValue.Text text -> quote(text.value());
            case CandidValue.Reserved reserved -> "null : reserved";
            case CandidValue.Id id -> "principal \"" + id.value() + "\"";
            case CandidValue.Service service -> "service \"" + service.value() + "\"";
            case CandidValue.Func func -> "func \"" + func.service() + "\"." + name(func.method());
            case CandidValue.Opt opt -> {
                CandidValue inner = opt.value();
                yield inner == null ? "null" : "opt " + tight(inner);
            }
            case CandidValue.Blob blob -> blob(blob.shared());
            case CandidValue.Vec vec -> group("vec {", printed(vec.elements()), ";", "}");
            case CandidValue.Record record -> record(record);
            case CandidValue.Variant variant ->
                    "variant { "
                            + variant.label()
                            + (variant.value() instanceof CandidValue.Null
                                    ? ""
                                    : " = " + print(variant.value()))
                            + " }";
        };
    }

    /// The name as it stands in front of `=` or `:`; in quotes where it is no plain word.
    static String name(String name) {
        boolean plain = !name.isEmpty() && !KEYWORDS.contains(name);
        for (int i = 0; plain && i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            plain = letter || (i > 0 && c >= '0' && c <= '9');
        }
        return plain ? name : quote(name);
    }

    /// A value after `opt`: one with a type behind it needs parentheses.
    private static String tight(CandidValue value) {
        String text = print(value);
        return switch (value) {
            case CandidValue.Nat n -> "(" + text + ")";
            case CandidValue.Int n -> "(" + text + ")";
            case CandidValue.Fixed n -> "(" + text + ")";
            case CandidValue.Float32 n -> "(" + text + ")";
            case CandidValue.Float64 n -> "(" + text + ")";
            case CandidValue.Reserved r -> "(" + text + ")";
            default -> text;
        };
    }

    private static String record(CandidValue.Record record) {
        List<CandidValue.Field> fields = record.fields();
        boolean tuple = true;
        for (int i = 0; i < fields.size(); i++) {
            CandidLabel label = fields.get(i).label();
            tuple &= label.id() == i && label.name() == null;
        }
        List<String> parts = new ArrayList<>();
        for (CandidValue.Field field : fields) {
            String value = print(field.value());
            parts.add(tuple ? value : field.label() + " = " + value);
        }
        return group("record {", parts, ";", "}");
    }

    private static List<String> printed(List<CandidValue> values) {
        List<String> parts = new ArrayList<>();
        for (CandidValue value : values) {
            parts.add(print(value));
        }
        return parts;
    }

    private static String group(String open, List<String> parts, String separator, String close) {
        if (parts.isEmpty()) {
            return open + close;
        }
        boolean round = open.equals("(");
        String gap = round ? "" : " ";
        String line = open + gap + String.join(separator + " ", parts) + gap + close;
        if (line.length() <= WIDTH && line.indexOf('\n') < 0) {
            return line;
        }
        StringBuilder text = new StringBuilder(open);
        for (String part : parts) {
            text.append('\n').append(" ".repeat(INDENT));
            text.append(part.replace("\n", "\n" + " ".repeat(INDENT))).append(separator);
        }
        return text.append('\n').append(close).toString();
    }

    private static String decimal(String java) {
        return switch (java) {
            case "NaN" -> "nan";
            case "Infinity" -> "inf";
            case "-Infinity" -> "-inf";
            default -> java.replace('E', 'e');
        };
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7f) {
                        hex(quoted, c);
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }

    private static String blob(byte[] bytes) {
        StringBuilder text = new StringBuilder("blob \"");
        boolean readable = readable(bytes);
        for (byte unit : bytes) {
            int c = unit & 0xff;
            if (readable && c != '"' && c != '\\') {
                text.append((char) c);
            } else {
                hex(text, c);
            }
        }
        return text.append('"').toString();
    }

    private static boolean readable(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < 0x20 || text.charAt(i) > 0x7e) {
                return false;
            }
        }
        return true;
    }

    private static void hex(StringBuilder text, int c) {
        text.append('\\').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
    }
}
