package icj.candid;

import java.util.ArrayList;
import java.util.List;

/// Candid values as bytes and as text.
///
/// ```
/// byte[] bytes = Candid.encode(List.of(new CandidValue.Text("x")));
/// List<CandidValue> values = Candid.decode(bytes, List.of(CandidType.Primitive.TEXT));
/// ```
public final class Candid {
    private Candid() {}

    /// The message of values whose types follow from themselves.
    ///
    /// @throws IllegalArgumentException when a vector holds values without a common type
    public static byte[] encode(List<CandidValue> values) {
        List<CandidType> types = new ArrayList<>();
        for (CandidValue value : values) {
            types.add(value.type());
        }
        return CandidEncoder.encode(types, values);
    }

    /// The message of values of these types, one for one.
    ///
    /// @throws IllegalArgumentException when a value is not of its type
    public static byte[] encode(List<CandidType> types, List<CandidValue> values) {
        return CandidEncoder.encode(types, values);
    }

    /// Reads a message at the types that are expected. Total: throws nothing but [CandidException].
    public static List<CandidValue> decode(byte[] message, List<CandidType> expected)
            throws CandidException {
        return CandidDecoder.decode(message, expected, CandidLimits.DEFAULT);
    }

    /// Reads a message at the types that are expected, within other limits.
    public static List<CandidValue> decode(
            byte[] message, List<CandidType> expected, CandidLimits limits) throws CandidException {
        return CandidDecoder.decode(message, expected, limits);
    }

    /// Reads a message at its own types. Fields then have numbers but no names.
    public static CandidArguments decode(byte[] message) throws CandidException {
        return CandidDecoder.decode(message, CandidLimits.DEFAULT);
    }

    /// Whether values of type `narrow` can be sent where `wide` is expected.
    public static boolean isSubtype(CandidType narrow, CandidType wide) throws CandidException {
        return CandidSubtyping.holds(narrow, wide);
    }

    /// Reads arguments in the text form, as `(1 : nat, "x", record { a = null })`. Numbers without
    /// a type are int or float64.
    public static List<CandidValue> parse(String text) throws CandidException {
        return CandidTextParser.arguments(text);
    }

    /// Reads arguments in the text form and makes them values of these types: numbers take the type
    /// that is expected, values stand for options, optional fields and last arguments may be left
    /// out.
    public static List<CandidValue> parse(String text, List<CandidType> types)
            throws CandidException {
        return CandidFitting.arguments(CandidTextParser.arguments(text), types);
    }

    /// Makes values fit these types, as [#parse] with types does: absent optional fields are filled
    /// in, values wrapped in options.
    public static List<CandidValue> fit(List<CandidValue> values, List<CandidType> types)
            throws CandidException {
        return CandidFitting.arguments(values, types);
    }

    /// The text form of arguments, on several lines when it is long.
    public static String print(List<CandidValue> values) {
        return CandidPrinter.print(values);
    }
}
