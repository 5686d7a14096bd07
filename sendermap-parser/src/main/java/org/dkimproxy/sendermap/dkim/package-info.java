/** Signature specifications such as {@code dkim(c=relaxed,d=example.org)}: their parameters, macros and domain names. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.sendermap.dkim;
