/// Membership, keys, endpoints, limits and routing, by version: the constitution of a network.
@NullMarked
package icj.types.registry;

import org.jspecify.annotations.NullMarked;
