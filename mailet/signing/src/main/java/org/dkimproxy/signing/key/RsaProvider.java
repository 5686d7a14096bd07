package org.dkimproxy.signing.key;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.security.Security;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The provider that signs with RSA keys: Amazon Corretto Crypto Provider where its native library loads, else the JDK's.
 *
 * <p>It is used by its instance and never registered with {@link Security}, so nothing else in the process changes.
 */
public final class RsaProvider {
    private RsaProvider() {}

    /** Its name, for a log. */
    public static String name() {
        return instance().getName();
    }

    /** The provider; the first call makes the choice, loads its native library, and logs both at INFO, once for all users. */
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
        String why;
        try {
            AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
            Throwable loadingError = provider.getLoadingError();
            if (loadingError == null) {
                log.info("RSA signatures are made by {}", provider.getName());
                return provider;
            }
            why = loadingError.toString();
        } catch (LinkageError notOnThisMachine) {
            why = notOnThisMachine.toString();
        }
        Provider jdk = ofJdk();
        log.info(
                "RSA signatures are made by {}, since the faster AmazonCorrettoCryptoProvider does not load: {}",
                jdk.getName(),
                why);
        return jdk;
    }
}
