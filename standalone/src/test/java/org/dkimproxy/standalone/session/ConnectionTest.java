package org.dkimproxy.standalone.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConnectionTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    /** Nothing more can be read from it then, so that a close would destroy the reply when the peer speaks meanwhile. */
    @Test
    void whose_wait_was_ended_has_a_moment_for_the_last_reply() throws Exception {
        List<String> calls = new ArrayList<>();
        AtomicReference<Connection> watched = new AtomicReference<>();
        Connection connection = new Connection(new SilentPeer(calls, watched), () -> LONG);
        watched.set(connection);
        connection.readUntil(() -> true);

        assertThatThrownBy(() -> connection.input().fill()).isInstanceOf(SocketTimeoutException.class);
        assertThatThrownBy(() -> connection.input().fill()).isInstanceOf(SocketTimeoutException.class);
        connection.send(Replies.TIMEOUT.toBytes());
        long begin = System.nanoTime();
        connection.closeAfterLastReply(LONG);

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofMillis(150), LONG.dividedBy(5));
        assertThat(calls).containsExactly("read", "end input", "write", "end output", "close");
    }

    /** While it is waited for, the limits of all connections are kept. */
    private record SilentPeer(List<String> calls, AtomicReference<Connection> watched) implements Transport {
        @Override
        public int read(byte[] array, int offset, int length, int millis) {
            calls.add("read");
            watched.get().keepTimeLimits();
            return -1;
        }

        @Override
        public boolean hasInput() {
            return false;
        }

        @Override
        public void write(byte[] array, int offset, int length) {
            calls.add("write");
        }

        @Override
        public void endInput() {
            calls.add("end input");
        }

        @Override
        public void endOutput() {
            calls.add("end output");
        }

        @Override
        public InetAddress peer() {
            return InetAddress.getLoopbackAddress();
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }
}
