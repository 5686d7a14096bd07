/** Sender maps and list-id maps: which signatures are for whom. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.sendermap.map;
