package org.dkimproxy.standalone.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AdmissionTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final Admission admission = new Admission(2);

    @Test
    void isFullWhenOneMoreWantsToComeIn() throws Exception {
        assertThat(admission.takePlace(LONG)).isTrue();
        assertThat(admission.takePlace(LONG)).isTrue();
        assertThat(admission.isFull()).isFalse();
        assertThat(admission.takePlace(SHORT)).isFalse();
        assertThat(admission.isFull()).isTrue();

        admission.leavePlace();
        assertThat(admission.takePlace(LONG)).isTrue();
        assertThat(admission.isFull()).isFalse();
        assertThat(admission.taken()).isEqualTo(2);
    }

    @Test
    void isEmptyWhenAllHaveLeft() {
        assertThat(admission.takePlace(LONG)).isTrue();
        assertThat(admission.awaitEmpty(SHORT)).isFalse();
        admission.leavePlace();

        assertThat(admission.awaitEmpty(SHORT)).isTrue();
        assertThat(admission.taken()).isZero();
    }

    @Test
    void countsClientsOfEachAddress() throws Exception {
        InetAddress one = InetAddress.getByName("192.0.2.1");
        InetAddress other = InetAddress.getByName("2001:db8::1");
        assertThat(admission.enter(one, 2)).isTrue();
        assertThat(admission.enter(one, 2)).isTrue();
        assertThat(admission.enter(one, 2)).isFalse();
        assertThat(admission.enter(one, 2)).as("who was refused is not counted").isFalse();
        assertThat(admission.enter(other, 2)).isTrue();

        admission.leave(one);
        assertThat(admission.enter(one, 2)).isTrue();
        assertThat(admission.enter(one, 0)).as("no limit").isTrue();
    }
}
