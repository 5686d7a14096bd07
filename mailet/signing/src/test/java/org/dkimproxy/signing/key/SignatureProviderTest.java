package org.dkimproxy.signing.key;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.amazon.corretto.crypto.provider.SelfTestStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SignatureProviderTest {
    @Test
    void the_faster_one_is_chosen_here() {
        assertThat(SignatureProvider.whyNot(null, () -> SelfTestStatus.PASSED)).isEmpty();
        assertThat(SignatureProvider.instance()).isSameAs(AmazonCorrettoCryptoProvider.INSTANCE);
    }

    @Test
    void one_that_does_not_load_is_of_no_use() {
        assertThat(SignatureProvider.whyNot(new UnsatisfiedLinkError("no library"), () -> SelfTestStatus.PASSED))
                .contains("does not load: java.lang.UnsatisfiedLinkError: no library");
    }

    /** It would refuse every signature. */
    @ParameterizedTest
    @EnumSource(names = "PASSED", mode = EnumSource.Mode.EXCLUDE)
    void one_that_fails_its_tests_is_of_no_use(SelfTestStatus status) {
        assertThat(SignatureProvider.whyNot(null, () -> status)).contains("ended its self-tests with " + status);
    }
}
