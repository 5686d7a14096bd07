/** Private keys: read from PEM files, kept fresh, and used to sign. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.signing.key;
