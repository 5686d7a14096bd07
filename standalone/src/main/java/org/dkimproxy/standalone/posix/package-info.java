/** The C library: its functions, and files by their descriptors. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.standalone.posix;
