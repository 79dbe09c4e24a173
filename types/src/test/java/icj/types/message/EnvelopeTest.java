package icj.types.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.candid.Principal;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.wire.MalformedException;
import icj.wire.cbor.Cbor;
import icj.wire.cbor.CborValue;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

final class EnvelopeTest {
    private static final long EXPIRY = 1685570400000000000L;
    private static final CanisterId CANISTER =
            new CanisterId(Principal.of(Blob.fromHex("00000000000004d2").shared()));
    private static final RequestContent.Call CALL =
            new RequestContent.Call(
                    Principal.ANONYMOUS,
                    EXPIRY,
                    null,
                    CANISTER,
                    "hello",
                    Blob.fromHex("4449444c00fd2a"));

    @Test
    void requestIdIsThatOfTheSpecification() {
        assertEquals(
                "1d1091364d6bb8a6c16b203ee75467d59ead468f523eb058880ae8ec80e2b101",
                CALL.id().toString());
    }

    @Test
    void decodesWhatItEncodes() throws MalformedException {
        Delegation delegation =
                new Delegation(Blob.fromHex("aa"), -1, List.of(Principal.MANAGEMENT), "queries");
        List<RequestContent> contents =
                List.of(
                        CALL,
                        new RequestContent.Query(
                                Principal.ANONYMOUS,
                                -1,
                                Blob.fromHex("00"),
                                CanisterId.MANAGEMENT,
                                "\u00fc",
                                Blob.EMPTY),
                        new RequestContent.ReadState(
                                Principal.ANONYMOUS,
                                0,
                                Blob.EMPTY,
                                List.of(List.of(), List.of(blob("time"), Blob.EMPTY))));
        for (RequestContent content : contents) {
            Envelope envelope =
                    Envelope.of(
                            content,
                            Blob.fromHex("01"),
                            Blob.fromHex("02"),
                            List.of(new SignedDelegation(delegation, Blob.fromHex("03"))));
            assertEquals(envelope, Envelope.decode(envelope.bytes(), content.kind()));
        }
    }

    @Test
    void tellsAnEmptyListOfDelegationsFromNone() throws MalformedException {
        Map<String, CborValue> map = new LinkedHashMap<>();
        map.put("content", CALL.toCbor());
        assertFalse(decode(map).hasDelegations());
        map.put("sender_delegation", new CborValue.Array(List.of()));
        assertTrue(decode(map).hasDelegations());
    }

    @Test
    void toleratesUnknownFieldsOutsideTheContentOnly() throws MalformedException {
        Map<String, CborValue> map = new LinkedHashMap<>();
        map.put("content", CALL.toCbor());
        map.put("color", new CborValue.Text("blue"));
        assertEquals(CALL, decode(map).content());
        refusesContent("color", new CborValue.Text("blue"), "The field color is unknown");
        refusesContent("sender_info", new CborValue.Null(), "sender_info is not supported");
    }

    @Test
    void namesTheFieldThatIsMissing() {
        for (String field :
                List.of(
                        "request_type",
                        "sender",
                        "ingress_expiry",
                        "canister_id",
                        "method_name",
                        "arg")) {
            refusesContent(field, null, "The field " + field + " is missing in the content");
        }
    }

    @Test
    void refusesFieldsOfTheWrongKindOrSize() {
        CborValue number = CborValue.Nat.of(1);
        refusesContent("sender", number, "sender in the content must be a byte string");
        refusesContent("sender", bytes(30), "30 bytes, at most 29");
        refusesContent("canister_id", bytes(30), "30 bytes, at most 29");
        refusesContent("nonce", bytes(33), "33 bytes, at most 32");
        refusesContent("ingress_expiry", bytes(1), "must be a number");
        refusesContent(
                "ingress_expiry",
                new CborValue.Nat(java.math.BigInteger.TWO.pow(64)),
                "does not fit 64 bits");
        refusesContent("method_name", bytes(1), "must be a text");
        refusesContent("request_type", new CborValue.Text("query"), "must be call");
    }

    @Test
    void boundsPathsLabelsDelegationsAndTargets() throws MalformedException {
        List<List<Blob>> paths = new ArrayList<>();
        for (int i = 0; i < RequestContent.PATHS_MAX; i++) {
            paths.add(java.util.Collections.nCopies(RequestContent.LABELS_MAX, Blob.EMPTY));
        }
        assertEquals(
                RequestContent.PATHS_MAX,
                ((RequestContent.ReadState) read(paths).content()).paths().size());
        paths.add(List.of());
        assertTrue(message(() -> read(paths)).contains("1001 elements, at most 1000"));
        assertTrue(
                message(() -> read(List.of(java.util.Collections.nCopies(128, Blob.EMPTY))))
                        .contains("A path has 128 elements, at most 127"));

        Delegation wide =
                new Delegation(
                        Blob.EMPTY,
                        0,
                        java.util.Collections.nCopies(1001, Principal.MANAGEMENT),
                        null);
        assertTrue(message(() -> delegated(wide, 1)).contains("1001 elements, at most 1000"));
        Delegation plain = new Delegation(Blob.EMPTY, 0, null, null);
        assertEquals(20, delegated(plain, 20).delegations().size());
        assertTrue(message(() -> delegated(plain, 21)).contains("21 elements, at most 20"));
    }

    private static Envelope read(List<List<Blob>> paths) throws MalformedException {
        return Envelope.decode(
                Envelope.unsigned(new RequestContent.ReadState(Principal.ANONYMOUS, 0, null, paths))
                        .bytes(),
                RequestKind.READ_STATE);
    }

    private static Envelope delegated(Delegation delegation, int count) throws MalformedException {
        List<SignedDelegation> chain =
                java.util.Collections.nCopies(count, new SignedDelegation(delegation, Blob.EMPTY));
        return Envelope.decode(
                Envelope.of(CALL, Blob.EMPTY, Blob.EMPTY, chain).bytes(), RequestKind.CALL);
    }

    private interface Attempt {
        void run() throws MalformedException;
    }

    private static String message(Attempt attempt) {
        return assertThrows(MalformedException.class, attempt::run).getMessage();
    }

    private static void refusesContent(String field, CborValue value, String sentence) {
        Map<String, CborValue> content =
                new LinkedHashMap<>(((CborValue.Dictionary) CALL.toCbor()).entries());
        if (value == null) {
            content.remove(field);
        } else {
            content.put(field, value);
        }
        String message =
                message(() -> decode(Map.of("content", new CborValue.Dictionary(content))));
        assertTrue(message.contains(sentence), message);
    }

    private static Envelope decode(Map<String, CborValue> map) throws MalformedException {
        return Envelope.decode(Cbor.encode(new CborValue.Dictionary(map)), RequestKind.CALL);
    }

    private static CborValue bytes(int length) {
        return new CborValue.Bytes(Blob.owning(new byte[length]));
    }

    private static Blob blob(String text) {
        return Blob.owning(text.getBytes(StandardCharsets.UTF_8));
    }
}
