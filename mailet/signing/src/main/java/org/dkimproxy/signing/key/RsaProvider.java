package org.dkimproxy.signing.key;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.amazon.corretto.crypto.provider.SelfTestStatus;
import java.security.Provider;
import java.security.Security;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The provider that signs with RSA keys: Amazon Corretto Crypto Provider where its native library loads and passes its
 * self-tests, else the JDK's.
 *
 * <p>It is used by its instance and never registered with {@link Security}, so nothing else in the process changes.
 */
public final class RsaProvider {
    private RsaProvider() {}

    /** Its name, for a log. */
    public static String name() {
        return instance().getName();
    }

    /** The provider; the first call has the native library loaded and tested, and logs the choice at INFO, once for all users. */
    public static Provider instance() {
        return Holder.PROVIDER;
    }

    /** That of the JDK, which is always there and reads keys sooner. */
    static Provider ofJdk() {
        return Security.getProvider("SunRsaSign");
    }

    private static final class Holder {
        static final Provider PROVIDER = choose();
    }

    private static Provider choose() {
        Logger log = LoggerFactory.getLogger(RsaProvider.class);
        Optional<String> whyNot;
        Provider provider = ofJdk();
        try {
            AmazonCorrettoCryptoProvider faster = AmazonCorrettoCryptoProvider.INSTANCE;
            whyNot = whyNot(faster.getLoadingError(), faster::runSelfTests);
            if (whyNot.isEmpty()) {
                provider = faster;
            }
        } catch (LinkageError notOnThisMachine) {
            whyNot = Optional.of("does not load: " + notOnThisMachine);
        }
        log.info(
                "RSA signatures are made by {}{}",
                provider.getName(),
                whyNot.map(", since the faster AmazonCorrettoCryptoProvider "::concat)
                        .orElse(""));
        return provider;
    }

    /**
     * Why the provider is of no use here. It tests itself once, on a thread of its own, needs files of the virtual machine for
     * that, and when one of the tests fails refuses all work: so they have to be over before it is chosen.
     */
    static Optional<String> whyNot(@Nullable Throwable loadingError, Supplier<SelfTestStatus> selfTests) {
        if (loadingError != null) {
            return Optional.of("does not load: " + loadingError);
        }
        SelfTestStatus status = selfTests.get();
        return status == SelfTestStatus.PASSED ? Optional.empty() : Optional.of("ended its self-tests with " + status);
    }
}
