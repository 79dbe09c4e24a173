/// The public HTTP interface of a node (interface specification, "HTTPS interface"), by Netty.
@NullMarked
package icj.replica.http;

import org.jspecify.annotations.NullMarked;
