package icj.state.model;

import icj.candid.Principal;
import icj.state.tree.LabelTree;
import icj.types.Blob;
import icj.types.Digest;
import icj.wire.Leb128;
import icj.wire.cbor.Cbor;
import icj.wire.cbor.CborValue;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What the certified tree says of canisters and of requests (interface specification, "State
/// tree").
final class CanisterLabels {
    private static final Blob CERTIFIED_DATA = text("certified_data");
    private static final Blob CONTROLLERS = text("controllers");
    private static final Blob CREATED = text("canister_creation_timestamp");
    private static final Blob INSTALLED = text("last_install_timestamp");
    private static final Blob METADATA = text("metadata");
    private static final Blob MODULE_HASH = text("module_hash");
    private static final Blob STATUS = text("status");
    private static final Blob REPLY = text("reply");
    private static final Blob REJECT_CODE = text("reject_code");
    private static final Blob REJECT_MESSAGE = text("reject_message");
    private static final Blob ERROR_CODE = text("error_code");

    private static final LabelTree RECEIVED = status("received");
    private static final LabelTree PROCESSING = status("processing");
    private static final LabelTree REPLIED = status("replied");
    private static final LabelTree REJECTED = status("rejected");
    private static final LabelTree DONE = status("done");

    private CanisterLabels() {}

    /// The subtree `/canister/ID`, made from the one of an earlier state of the same canister.
    static LabelTree of(
            CanisterState canister, @Nullable CanisterState before, @Nullable LabelTree tree) {
        LabelTree labels = tree == null ? LabelTree.EMPTY : tree;
        if (before == null) {
            labels = labels.with(CREATED, nat(canister.vitals().createdAt()));
        }
        if (before == null
                || !before.settings().controllers().equals(canister.settings().controllers())) {
            labels = labels.with(CONTROLLERS, principals(canister.settings().controllers()));
        }
        ModuleCode module = canister.module();
        ModuleCode moduleBefore = before == null ? null : before.module();
        if (module == null) {
            if (moduleBefore != null) {
                labels =
                        labels.without(MODULE_HASH)
                                .without(INSTALLED)
                                .without(METADATA)
                                .without(CERTIFIED_DATA);
            }
            return labels;
        }
        labels = labels.with(CERTIFIED_DATA, canister.vitals().certifiedData());
        if (module == moduleBefore
                && before != null
                && before.vitals().installedAt() == canister.vitals().installedAt()) {
            return labels;
        }
        labels = labels.with(INSTALLED, nat(canister.vitals().installedAt()));
        if (module != moduleBefore) {
            labels = labels.with(MODULE_HASH, Blob.owning(module.hash().toBytes()));
            LabelTree metadata = LabelTree.EMPTY;
            for (ModuleCode.Section section : module.metadata()) {
                metadata = metadata.with(text(section.name()), section.content());
            }
            labels =
                    metadata.isEmpty() ? labels.without(METADATA) : labels.with(METADATA, metadata);
        }
        return labels;
    }

    /// The subtree `/request_status/ID`.
    static LabelTree of(IngressEntry.Status status) {
        return switch (status) {
            case IngressEntry.Status.Received() -> RECEIVED;
            case IngressEntry.Status.Processing() -> PROCESSING;
            case IngressEntry.Status.Done() -> DONE;
            case IngressEntry.Status.Replied(Blob data) -> REPLIED.with(REPLY, data);
            case IngressEntry.Status.Rejected(int code, String message, String errorCode) ->
                    REJECTED.with(REJECT_CODE, nat(code))
                            .with(REJECT_MESSAGE, text(message))
                            .with(ERROR_CODE, text(errorCode));
            case LongAnswer answer -> of(answer.plain());
        };
    }

    /// The digest of the subtree `/request_status/ID`: that of [#of], for the most frequent status
    /// without making the tree.
    static Digest digest(IngressEntry.Status status) {
        return status.plain() instanceof IngressEntry.Status.Replied(Blob data)
                ? LabelTree.fork(
                        LabelTree.labeled(REPLY, new LabelTree.Leaf(data).digest()),
                        REPLIED.digest())
                : of(status).digest();
    }

    private static LabelTree status(String word) {
        return LabelTree.EMPTY.with(STATUS, text(word));
    }

    private static Blob text(String text) {
        return Blob.owning(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Blob nat(long value) {
        return Blob.owning(Leb128.unsigned(value));
    }

    private static Blob principals(List<Principal> principals) {
        List<CborValue> list = new ArrayList<>(principals.size());
        for (Principal principal : principals) {
            list.add(new CborValue.Bytes(Blob.owning(principal.toBytes())));
        }
        return Cbor.encodeTagged(new CborValue.Array(list));
    }
}
