/** Changes to a message's octets that MIME allows (RFC 2045, 2046), leaving all other octets as they are. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.james.mime;
