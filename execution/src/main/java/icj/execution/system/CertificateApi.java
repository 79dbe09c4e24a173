package icj.execution.system;

import icj.execution.wasm.Ic0;
import icj.types.Blob;

/// Certified data and its certificate.
final class CertificateApi {
    private static final int CERTIFIED_DATA_BYTES_MAX = 32;

    private CertificateApi() {}

    static void register(ApiTable table) {
        table.procedure(
                Ic0.CERTIFIED_DATA_SET,
                "I G U Ry Rt T",
                (e, a, guest) ->
                        e.certifiedData(
                                Blob.owning(
                                        GuestBytes.read(
                                                guest,
                                                a[0],
                                                a[1],
                                                CERTIFIED_DATA_BYTES_MAX,
                                                "Certified data"))));
        table.function(
                Ic0.DATA_CERTIFICATE_PRESENT,
                "*",
                (e, _, _) -> e.input().dataCertificate() == null ? 0 : 1);
        table.function(Ic0.DATA_CERTIFICATE_SIZE, "NRQ CQ", (e, _, _) -> e.certificate().length());
        table.procedure(
                Ic0.DATA_CERTIFICATE_COPY,
                "NRQ CQ",
                (e, a, guest) -> GuestBytes.copy(e.certificate(), a, 0, guest));
    }
}
