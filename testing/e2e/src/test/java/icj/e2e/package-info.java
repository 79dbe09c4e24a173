/// End-to-end tests: real processes through `./ic`, real clients.
@NullMarked
package icj.e2e;

import org.jspecify.annotations.NullMarked;
