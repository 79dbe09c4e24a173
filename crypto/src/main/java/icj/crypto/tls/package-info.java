/// Mutual TLS 1.3 between nodes, pinned to the certificates of the registry.
@NullMarked
package icj.crypto.tls;

import org.jspecify.annotations.NullMarked;
