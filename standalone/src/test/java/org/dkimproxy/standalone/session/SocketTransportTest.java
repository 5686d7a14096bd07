package org.dkimproxy.standalone.session;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

class SocketTransportTest {
    /** The log names it as the reason of a session's end. */
    @Test
    void one_that_was_closed_says_so_in_words() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Transport transport = SocketTransport.connect((InetSocketAddress) server.getLocalSocketAddress(), 1000);
            transport.close();

            assertThatThrownBy(transport::hasInput)
                    .isInstanceOf(SocketException.class)
                    .hasMessageMatching("(?i)(connection|socket) (is )?closed");
            assertThatThrownBy(() -> transport.read(new byte[1], 0, 1, Transport.FOR_EVER))
                    .isInstanceOf(SocketException.class)
                    .hasMessageMatching("(?i)(connection|socket) (is )?closed");
        }
    }
}
