package org.dkimproxy.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.dkimproxy.signing.log.CapturingLogProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JamesDomainsTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final ScriptedDomains list = new ScriptedDomains();
    private final JamesDomains domains = new JamesDomains(list, now::get);

    @Test
    void are_host_names_in_a_labels_and_lower_case() throws Exception {
        list.domains = List.of("Example.ORG", "\u00e4.example", "localhost");

        assertThat(domains.current()).containsExactlyInAnyOrder("example.org", "xn--4ca.example", "localhost");
    }

    @Test
    void are_read_at_most_once_in_ten_seconds() throws Exception {
        domains.current();
        list.domains = List.of("new.example");
        now.addAndGet(JamesDomains.LIFETIME.toNanos() - 1);
        assertThat(domains.current()).isEmpty();
        assertThat(list.readings()).isEqualTo(1);

        now.addAndGet(1);
        assertThat(domains.current()).containsExactly("new.example");
        assertThat(domains.current()).containsExactly("new.example");
        assertThat(list.readings()).isEqualTo(2);
    }

    @Test
    void stay_in_use_when_the_list_fails() throws Exception {
        list.domains = List.of("example.org");
        domains.current();
        list.failure = "the node example.net is down";
        now.addAndGet(JamesDomains.LIFETIME.toNanos());

        assertThat(domains.current()).containsExactly("example.org");
        assertThat(domains.current()).containsExactly("example.org");
        assertThat(list.readings()).isEqualTo(2);
        assertThat(CapturingLogProvider.linesWith("the node example.net is down"))
                .singleElement()
                .asString()
                .startsWith("WARN cannot read the DomainList: ")
                .endsWith("; its domains of the last reading stay in use");
    }

    @Test
    void are_not_known_until_the_list_was_read_once_and_it_is_not_asked_by_every_mail() throws Exception {
        list.failure = "down from the start";
        for (int mail = 0; mail < 3; mail++) {
            assertThatThrownBy(domains::current).isInstanceOf(IOException.class);
        }
        assertThat(list.readings()).isEqualTo(1);

        list.failure = "";
        list.domains = List.of("example.org");
        now.addAndGet(JamesDomains.LIFETIME.toNanos());
        assertThat(domains.current()).containsExactly("example.org");
    }

    @Test
    void do_not_make_mails_wait_while_they_are_read_again() throws Exception {
        list.domains = List.of("old.example");
        domains.current();
        now.addAndGet(JamesDomains.LIFETIME.toNanos());
        list.domains = List.of("new.example");
        list.begun = new CountDownLatch(1);
        list.mayEnd = new CountDownLatch(1);
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<?> slow = thread.submit(() -> domains.current());
            list.begun.await();
            assertThat(domains.current()).containsExactly("old.example");
            list.mayEnd.countDown();
            slow.get();
        }
        assertThat(domains.current()).containsExactly("new.example");
        assertThat(list.readings()).isEqualTo(2);
    }
}
