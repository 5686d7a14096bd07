/** The conf file: one option a line. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.sendermap.conf;
