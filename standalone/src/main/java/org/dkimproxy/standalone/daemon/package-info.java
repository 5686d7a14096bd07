/** What makes the program a good daemon: signals and the PID file. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.standalone.daemon;
