/** A configuration that is read again while the program runs. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.standalone.reload;
