/// What the nodes of a subnet say to one another about its chain.
@NullMarked
package icj.types.artifact;

import org.jspecify.annotations.NullMarked;
