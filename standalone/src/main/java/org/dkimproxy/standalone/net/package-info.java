/** Sockets that listen, and those of each kind of address. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.standalone.net;
