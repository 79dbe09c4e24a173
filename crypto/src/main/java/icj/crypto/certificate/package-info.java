/// Hash trees, certificates and their verification (interface specification, "Certification").
@NullMarked
package icj.crypto.certificate;

import org.jspecify.annotations.NullMarked;
