package icj.consensus.membership;

import icj.types.Digest;
import icj.types.NodeId;
import icj.types.Rank;
import icj.wire.Sha256;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The order of the members at one height: a shuffle drawn from the beacon of the height below. The
/// first f + 1 make blocks, so that one of them is honest.
public final class Ranking {
    private static final byte[] DOMAIN = "\tICJ-ranks".getBytes(StandardCharsets.US_ASCII);
    private static final int DRAWS_PER_HASH = Digest.LENGTH / Long.BYTES;

    private final List<NodeId> order;
    private final int makers;

    private Ranking(List<NodeId> order, int makers) {
        this.order = order;
        this.makers = makers;
    }

    /// The ranking that `seed` gives. A Fisher-Yates shuffle whose draws are the 8-byte words of
    /// SHA-256(domain, seed, counter), reduced modulo the number of places left (the bias is below
    /// 2^-56).
    public static Ranking of(Committee committee, Digest seed) {
        List<NodeId> order = new ArrayList<>(committee.members());
        ByteBuffer words = ByteBuffer.allocate(0);
        int counter = 0;
        for (int left = order.size(); left > 1; left--) {
            if (!words.hasRemaining()) {
                byte[] number = {(byte) (counter / DRAWS_PER_HASH)};
                words = ByteBuffer.wrap(Sha256.of(DOMAIN, seed.shared(), number).shared());
            }
            counter++;
            int pick = (int) Long.remainderUnsigned(words.getLong(), left);
            Collections.swap(order, left - 1, pick);
        }
        return new Ranking(order, committee.quorum().faulty() + 1);
    }

    /// The rank of a member.
    public Rank rank(NodeId member) {
        return new Rank(order.indexOf(member));
    }

    /// Whether the rank makes blocks.
    public boolean makes(Rank rank) {
        return rank.value() < makers;
    }
}
