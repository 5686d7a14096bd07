package org.dkimproxy.standalone.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConnectionLimitTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final ClientNetwork HERE = network("127.0.0.1");
    private static final ClientNetwork ONE = network("192.0.2.1");
    private static final ClientNetwork OTHER = network("2001:db8::1");

    private final ConnectionLimit limit = new ConnectionLimit(3);

    @Test
    void opens_no_more_than_its_maximum() {
        assertThat(limit.tryOpen(ONE) && limit.tryOpen(OTHER) && limit.tryOpen(ONE))
                .isTrue();
        assertThat(limit.hasFree()).isFalse();
        assertThat(limit.awaitFree(SHORT)).isFalse();
        assertThat(limit.tryOpen(ONE)).isFalse();
        assertThat(limit.open()).isEqualTo(3);
        assertThat(limit.open(ONE)).as("who was refused is not counted").isEqualTo(2);

        limit.close(ONE);
        assertThat(limit.hasFree() && limit.awaitFree(SHORT)).isTrue();
        assertThat(limit.tryOpen(ONE)).isTrue();
    }

    @Test
    void is_empty_when_all_are_closed() {
        assertThat(limit.tryOpen(ONE)).isTrue();
        assertThat(limit.awaitNoneOpen(SHORT)).isFalse();
        limit.close(ONE);

        assertThat(limit.awaitNoneOpen(SHORT)).isTrue();
        assertThat(limit.open() + limit.open(ONE)).isZero();
    }

    @Test
    void is_exhausted_while_a_client_waits() {
        assertThat(limit.isExhausted()).isFalse();
        limit.beginWait(ONE);
        assertThat(limit.isExhausted()).isTrue();
        assertThat(limit.othersWait(ONE)).isFalse();
        assertThat(limit.othersWait(OTHER)).isTrue();
        limit.endWait(ONE);
        assertThat(limit.isExhausted() || limit.othersWait(OTHER)).isFalse();
    }

    @Test
    void the_share_binds_only_while_a_client_of_another_network_waits() {
        limit.tryOpen(ONE);
        limit.tryOpen(ONE);
        assertThat(limit.isWithinShare(ONE, 2)).isFalse();
        assertThat(limit.exceedsShare(ONE, 1)).as("nobody waits").isFalse();
        limit.beginWait(ONE);
        assertThat(limit.exceedsShare(ONE, 1)).as("its own network waits").isFalse();
        limit.beginWait(OTHER);
        assertThat(limit.exceedsShare(ONE, 1)).as("another network waits").isTrue();
        assertThat(limit.exceedsShare(ONE, 2)).as("within the share").isFalse();
    }

    @Test
    void the_share_never_binds_clients_on_this_machine() {
        limit.tryOpen(HERE);
        limit.tryOpen(HERE);
        limit.beginWait(OTHER);

        assertThat(limit.exceedsShare(HERE, 1)).isFalse();
        assertThat(limit.isWithinShare(HERE, 1)).isTrue();
    }

    static ClientNetwork network(String address) {
        return ClientNetwork.of(InetAddress.ofLiteral(address));
    }
}
