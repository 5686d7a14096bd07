/** Canonicalization: the form of a header field or a body over which a digest is taken (RFC 6376 section 3.4, RFC 4870 section 3.4.2). */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.signing.canonical;
