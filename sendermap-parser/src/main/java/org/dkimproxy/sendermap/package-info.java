/**
 * Text to values: sender maps, list-id maps, signature specifications, macros and the option lines of a conf file.
 *
 * <p>Every reader of this package returns a {@link org.dkimproxy.sendermap.text.Parsed}: the value and all problems that were
 * found, each with its file, line and column. None throws on bad input. The package needs nothing but the JDK.
 */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.sendermap;
