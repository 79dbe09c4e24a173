package icj.replica.http;

import icj.candid.Principal;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A path of the public interface, taken apart (interface.md 1.1).
public sealed interface ApiRoute {
    /// What a request asks for.
    enum Verb {
        /// An update.
        CALL("call"),
        /// A query.
        QUERY("query"),
        /// Certified reads.
        READ_STATE("read_state");

        private final String word;

        Verb(String word) {
            this.word = word;
        }

        /// The last word of the path.
        public String word() {
            return word;
        }
    }

    /// `GET /api/v2/status`.
    record Status() implements ApiRoute {}

    /// `POST /api/vN/canister/<id>/<verb>`.
    ///
    /// @param id the effective canister id
    record Canister(int version, Principal id, Verb verb) implements ApiRoute {}

    /// `POST /api/vN/subnet/<id>/<verb>`.
    record Subnet(int version, Principal id, Verb verb) implements ApiRoute {}

    /// The path isn't served, or not by this method, or an id in it isn't one.
    record Refused(HttpAnswer answer) implements ApiRoute {}

    /// The versions that serve each verb on a canister, in the order of the verbs.
    private static List<Integer> canisterVersions(Verb verb) {
        return switch (verb) {
            case CALL -> List.of(2, 3, 4);
            case QUERY, READ_STATE -> List.of(2, 3);
        };
    }

    /// The versions that serve each verb on a subnet. `call` and `query` of a subnet are for subnet
    /// administrators, which this version has none of.
    private static List<Integer> subnetVersions(Verb verb) {
        return switch (verb) {
            case CALL, QUERY -> List.of();
            case READ_STATE -> List.of(2, 3);
        };
    }

    /// Takes a path apart.
    static ApiRoute parse(String method, String path) {
        if (path.equals("/api/v2/status")) {
            return method.equals("GET")
                    ? new Status()
                    : new Refused(HttpAnswer.methodNotAllowed("GET"));
        }
        String[] words = path.split("/", -1);
        if (words.length != 6 || !words[1].equals("api") || !words[0].isEmpty()) {
            return unknown(path);
        }
        boolean canister = words[3].equals("canister");
        Verb verb = verbOf(words[5]);
        int version = versionOf(words[2]);
        if (verb == null || !canister && !words[3].equals("subnet")) {
            return unknown(path);
        }
        if (!(canister ? canisterVersions(verb) : subnetVersions(verb)).contains(version)) {
            return unknown(path);
        }
        if (!method.equals("POST")) {
            return new Refused(HttpAnswer.methodNotAllowed("POST"));
        }
        Principal id;
        try {
            id = Principal.fromText(words[4]);
        } catch (IllegalArgumentException e) {
            return new Refused(
                    HttpAnswer.text(
                            400, "Not a principal in its canonical text: " + e.getMessage()));
        }
        return canister ? new Canister(version, id, verb) : new Subnet(version, id, verb);
    }

    private static Refused unknown(String path) {
        int shown = Math.min(path.length(), 200);
        return new Refused(HttpAnswer.text(404, "There is nothing at " + path.substring(0, shown)));
    }

    private static @Nullable Verb verbOf(String word) {
        for (Verb verb : Verb.values()) {
            if (verb.word().equals(word)) {
                return verb;
            }
        }
        return null;
    }

    private static int versionOf(String word) {
        return word.length() == 2 && word.charAt(0) == 'v' ? word.charAt(1) - '0' : -1;
    }
}
