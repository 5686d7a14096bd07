package org.dkimproxy.standalone.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WaitAllowanceTest {
    private static final int MEGABYTE = 1 << 20;

    @Test
    void octets_add_time_but_never_beyond_the_maximum() throws Exception {
        WaitAllowance allowance = WaitAllowance.ofRate(Duration.ofMillis(100), 1000);
        allowance.beginWait();
        allowance.endWait(MEGABYTE);
        allowance.beginWait();
        assertThat(allowance.isUsedUp()).isFalse();
        Thread.sleep(110);
        assertThat(allowance.isUsedUp())
                .as("a megabyte is not worth 1,048 seconds")
                .isTrue();
    }

    @Test
    void a_trickle_uses_it_up() throws Exception {
        WaitAllowance allowance = WaitAllowance.ofRate(Duration.ofMillis(100), 1000);
        int octets = 0;
        allowance.beginWait();
        while (!allowance.isUsedUp() && octets < 100) {
            Thread.sleep(10);
            allowance.endWait(1);
            allowance.beginWait();
            octets++;
        }
        assertThat(octets).isBetween(1, 15);
    }

    @Test
    void time_in_which_the_proxy_does_not_wait_does_not_count() throws Exception {
        WaitAllowance allowance = WaitAllowance.fixed(Duration.ofMillis(500));
        allowance.beginWait();
        allowance.endWait(0);
        Thread.sleep(510);
        allowance.beginWait();
        assertThat(allowance.isUsedUp()).isFalse();
    }

    @Test
    void renewing_makes_the_whole_time_available_again() throws Exception {
        WaitAllowance allowance = WaitAllowance.fixed(Duration.ofMillis(50));
        allowance.beginWait();
        Thread.sleep(60);
        assertThat(allowance.isUsedUp()).isTrue();
        allowance.endWait(MEGABYTE);
        allowance.beginWait();
        assertThat(allowance.isUsedUp()).as("octets add nothing here").isTrue();
        allowance.endWait(0);
        allowance.renew();
        allowance.beginWait();
        assertThat(allowance.isUsedUp()).isFalse();
    }
}
