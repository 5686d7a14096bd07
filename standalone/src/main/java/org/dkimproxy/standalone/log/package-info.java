/** Log lines: one interface, standard error behind it, and the bridge over which libraries reach it. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.standalone.log;
