/** Sockets that listen. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.standalone.net;
