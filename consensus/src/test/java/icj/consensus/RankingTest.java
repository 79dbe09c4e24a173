package icj.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.candid.Principal;
import icj.consensus.membership.Committee;
import icj.consensus.membership.Ranking;
import icj.testing.Prng;
import icj.types.Digest;
import icj.types.NodeId;
import icj.types.Quorum;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

final class RankingTest {
    private static Committee committee(int nodes) {
        List<NodeId> members = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            members.add(new NodeId(Principal.of(new byte[] {(byte) i})));
        }
        return new Committee(members.getFirst(), members, Quorum.of(nodes));
    }

    @Test
    void isAPermutationOfWhichFPlusOneMakeBlocks() {
        Prng random = Prng.fromProperty();
        for (int nodes = 1; nodes <= 40; nodes++) {
            Committee committee = committee(nodes);
            Ranking ranking = Ranking.of(committee, Digest.of(random.bytes(32)));
            TreeSet<Integer> ranks = new TreeSet<>();
            int makers = 0;
            for (NodeId member : committee.members()) {
                ranks.add(ranking.rank(member).value());
                makers += ranking.makes(ranking.rank(member)) ? 1 : 0;
            }
            assertEquals(nodes, ranks.size());
            assertEquals(0, ranks.first());
            assertEquals(nodes - 1, ranks.last());
            assertEquals(Quorum.of(nodes).faulty() + 1, makers);
        }
    }

    @Test
    void everyMemberLeadsAboutEquallyOften() {
        Prng random = Prng.of(1);
        Committee committee = committee(7);
        int[] led = new int[7];
        for (int i = 0; i < 7000; i++) {
            Ranking ranking = Ranking.of(committee, Digest.of(random.bytes(32)));
            for (int m = 0; m < 7; m++) {
                led[m] += ranking.rank(committee.members().get(m)).value() == 0 ? 1 : 0;
            }
        }
        for (int count : led) {
            assertTrue(count > 850 && count < 1150, count + " of about 1000");
        }
    }
}
