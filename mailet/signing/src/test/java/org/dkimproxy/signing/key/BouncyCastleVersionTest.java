package org.dkimproxy.signing.key;

import static org.assertj.core.api.Assertions.assertThat;

import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;

/** The build runs the tests of this package with several versions of BouncyCastle; this one proves that it does. */
class BouncyCastleVersionTest {
    @Test
    void the_tests_run_with_the_version_that_the_build_names() {
        String version = new BouncyCastleProvider().getVersionStr();

        assertThat(version).isEqualTo(System.getProperty("bouncycastle.version", version));
    }
}
