/** The command-line signer, {@code dkimproxy-sign}. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.standalone.tool;
