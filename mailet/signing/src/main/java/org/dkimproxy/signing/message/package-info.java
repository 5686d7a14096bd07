/** A raw message taken apart: its header block, its fields, and the address that stands for its originator. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.signing.message;
