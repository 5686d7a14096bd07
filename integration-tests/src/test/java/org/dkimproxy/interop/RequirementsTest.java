package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

class RequirementsTest {
    @Test
    void under_ci_a_missing_package_is_a_failure_that_names_it() {
        assertThatThrownBy(() -> Requirements.missing(Map.of("CI", "true"), "libfoo-perl", "no such file"))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContaining("apt-get install libfoo-perl")
                .hasMessageContaining("no such file");
    }

    @Test
    void elsewhere_the_test_is_left_out_and_the_package_is_named() {
        assertThatThrownBy(() -> Requirements.missing(Map.of(), "python3-dkim and python3-nacl", "no module"))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("apt-get install python3-dkim python3-nacl");
    }

    @Test
    void a_program_that_is_not_there_and_one_that_fails_are_both_lacking() {
        assertThat(Requirements.lack(List.of("/no/such/program"))).contains("/no/such/program");
        assertThat(Requirements.lack(List.of("perl", "-e", "die 'no module'"))).contains("no module");
        assertThat(Requirements.lack(List.of("perl", "-e", "1"))).isEmpty();
    }
}
