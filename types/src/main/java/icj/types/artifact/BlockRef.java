package icj.types.artifact;

import icj.types.Digest;
import icj.types.Height;

/// Names a block.
public record BlockRef(Height height, Digest hash) {
    @Override
    public String toString() {
        return height + ":" + hash.toString().substring(0, 8);
    }
}
