/// Native code and Java's cryptographic providers behind plain Java classes: the only package of
/// this module that may use files, threads and the network's types.
@NullMarked
package icj.crypto.provider;

import org.jspecify.annotations.NullMarked;
