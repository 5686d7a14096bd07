package org.dkimproxy.signing.key;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Signatures by one key with one algorithm, made by {@link SignatureProvider}.
 *
 * <p>To get and begin an object of a provider takes three microseconds, so a few that have signed are kept for later messages.
 * Thread-safe.
 */
final class ProviderSignatures {
    private static final int MOST_SPARE = 4;

    private final PrivateKey key;
    private final String algorithm;
    private final Queue<Signature> spare = new ArrayBlockingQueue<>(MOST_SPARE);

    /**
     * @param key best in the provider's own form
     * @param algorithm as the provider names it
     */
    ProviderSignatures(PrivateKey key, String algorithm) {
        this.key = key;
        this.algorithm = algorithm;
    }

    SignatureMaker begin() throws GeneralSecurityException {
        Signature signature = spare.poll();
        if (signature == null) {
            signature = Signature.getInstance(algorithm, SignatureProvider.instance());
            signature.initSign(key);
        }
        return new Maker(signature, spare);
    }

    private record Maker(Signature signature, Queue<Signature> spare) implements SignatureMaker {
        @Override
        public void write(byte[] buffer, int offset, int length) {
            try {
                signature.update(buffer, offset, length);
            } catch (SignatureException notInitialized) {
                throw new IllegalStateException(notInitialized);
            }
        }

        /** A success leaves the object as it was when it began; after a failure it is not used again. */
        @Override
        public byte[] sign() throws GeneralSecurityException {
            try {
                byte[] value = signature.sign();
                spare.offer(signature);
                return value;
            } catch (RuntimeException refused) {
                // the provider from Amazon refuses a wrong result with an exception of its own kind
                throw new SignatureException(refused);
            }
        }
    }
}
