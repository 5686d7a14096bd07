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
 * Who makes the signatures: Amazon Corretto Crypto Provider where its native library loads and passes its self-tests, else the
 * JDK for RSA and BouncyCastle for Ed25519.
 *
 * <p>It is used by its instance and never registered with {@link Security}, so nothing else in the process changes.
 */
public final class SignatureProvider {
    private SignatureProvider() {}

    /** Loads and tests the native library, and logs the provider at INFO; once for all users. */
    public static void load() {
        instance();
    }

    /** Its name, for a log. */
    public static String name() {
        return instance().getName();
    }

    /** The provider for RSA. */
    static Provider instance() {
        return Holder.PROVIDER;
    }

    /** Whether the same provider makes Ed25519 signatures. */
    static boolean hasEd25519() {
        return instance().getService("Signature", "Ed25519") != null;
    }

    /** That of the JDK for RSA, which is always there and reads keys sooner. */
    static Provider ofJdk() {
        return Security.getProvider("SunRsaSign");
    }

    private static final class Holder {
        static final Provider PROVIDER = choose();
    }

    private static Provider choose() {
        Logger log = LoggerFactory.getLogger(SignatureProvider.class);
        Optional<String> whyNot;
        try {
            AmazonCorrettoCryptoProvider faster = AmazonCorrettoCryptoProvider.INSTANCE;
            whyNot = whyNot(faster.getLoadingError(), faster::runSelfTests);
            if (whyNot.isEmpty()) {
                log.info("signatures are made by {}", faster.getName());
                return faster;
            }
        } catch (LinkageError notOnThisMachine) {
            whyNot = Optional.of("does not load: " + notOnThisMachine);
        }
        Provider slower = ofJdk();
        log.info(
                "signatures are made by {} and BouncyCastle, since the faster AmazonCorrettoCryptoProvider {}",
                slower.getName(),
                whyNot.get());
        return slower;
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
