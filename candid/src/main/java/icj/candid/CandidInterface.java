package icj.candid;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a `.did` file says.
///
/// @param types the named types, in the order of the file
/// @param initArguments what the canister takes at its installation
/// @param service its methods, or null when the file only defines types
public record CandidInterface(
        Map<String, CandidType> types,
        List<CandidType> initArguments,
        CandidType.@Nullable Service service) {
    /// Copies the collections.
    public CandidInterface {
        types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
        initArguments = List.copyOf(initArguments);
    }

    /// Reads a `.did` file.
    ///
    /// @throws CandidException with the line
    public static CandidInterface parse(String source) throws CandidException {
        return DidParser.parse(source);
    }

    /// The type of a method.
    ///
    /// @throws CandidException when there is none, naming those that there are
    public CandidType.Func method(String name) throws CandidException {
        if (service == null) {
            throw new CandidException("The interface describes no service");
        }
        CandidType.Method method = service.get(name);
        if (method == null) {
            StringBuilder names = new StringBuilder();
            for (CandidType.Method other : service.methods()) {
                names.append(names.isEmpty() ? "" : ", ").append(other.name());
            }
            throw new CandidException("The service has no method " + name + "; it has: " + names);
        }
        return method.func();
    }

    /// The message of arguments in the text form for a method.
    public byte[] encodeArguments(String method, String text) throws CandidException {
        List<CandidType> types = method(method).arguments();
        return Candid.encode(types, Candid.parse(text, types));
    }

    /// The message of arguments in the text form for the installation.
    public byte[] encodeInitArguments(String text) throws CandidException {
        return Candid.encode(initArguments, Candid.parse(text, initArguments));
    }

    /// The answer of a method, fields with their names.
    public List<CandidValue> decodeResults(String method, byte[] message) throws CandidException {
        return Candid.decode(message, method(method).results());
    }
}
