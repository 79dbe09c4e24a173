package icj.crypto.provider;

/// Questions that production code never asks.
public final class NativePoints {
    private NativePoints() {}

    /// Whether these bytes are a point of the curve of G2, in the subgroup or not.
    public static boolean isOnCurveOfG2(byte[] compressed) {
        return Blst.inArena(arena ->
                (int)
                                Blst.P2_UNCOMPRESS.call(
                                        Blst.room(arena, Blst.P2_AFFINE),
                                        Blst.copy(arena, compressed))
                        == 0);
    }
}
