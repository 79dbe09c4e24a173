/// Principals, Candid types, values, text and interface descriptions.
@NullMarked
package icj.candid;

import org.jspecify.annotations.NullMarked;
