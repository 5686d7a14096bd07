/**
 * Text with positions, and what is wrong with it.
 *
 * <p>Every parser of this module returns a {@link org.dkimproxy.sendermap.text.Parsed}: the value and all problems, each with
 * its file, line and column. None throws on bad input. The module needs nothing but the JDK.
 */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.sendermap.text;
