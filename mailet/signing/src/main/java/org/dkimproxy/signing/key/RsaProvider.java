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
    private static final Logger LOG = LoggerFactory.getLogger(RsaProvider.class);

    private RsaProvider() {}

    /** Its name, for a log. */
    public static String name() {
        return instance().getName();
    }

    /** The provider; the first call makes the choice, loads its native library, and logs both at INFO, once for all users. */
    public static Provider instance() {
        return Holder.PROVIDER;
    }

    private static final class Holder {
        static final Provider PROVIDER = choose();
    }

    private static Provider choose() {
        String why;
        try {
            AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
            Throwable loadingError = provider.getLoadingError();
            if (loadingError == null) {
                LOG.info("RSA signatures are made by {}", provider.getName());
                return provider;
            }
            why = loadingError.toString();
        } catch (LinkageError notOnThisMachine) {
            why = notOnThisMachine.toString();
        }
        Provider jdk = Security.getProvider("SunRsaSign");
        LOG.info(
                "RSA signatures are made by {}, since the faster AmazonCorrettoCryptoProvider does not load: {}",
                jdk.getName(),
                why);
        return jdk;
    }
}
