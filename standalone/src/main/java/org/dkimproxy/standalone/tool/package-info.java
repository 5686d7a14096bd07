/** The command-line signer, {@code dkimproxy-signfile}. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.standalone.tool;
