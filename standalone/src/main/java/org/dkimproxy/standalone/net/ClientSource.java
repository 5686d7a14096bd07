package org.dkimproxy.standalone.net;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/** Where clients come from. */
public interface ClientSource {
    /**
     * Accepts a client without waiting; empty if there is none.
     *
     * @throws IOException if one cannot be accepted, such as for want of file descriptors
     */
    Optional<SocketChannel> accept() throws IOException;
}
