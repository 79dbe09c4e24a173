/// Seeded randomness, golden files and deadlines for all tests.
@NullMarked
package icj.testing;

import org.jspecify.annotations.NullMarked;
