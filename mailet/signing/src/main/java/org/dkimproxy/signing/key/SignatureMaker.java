package org.dkimproxy.signing.key;

import java.security.GeneralSecurityException;
import org.dkimproxy.signing.canonical.OctetSink;

/** One signature in the making: takes the octets to sign, then signs them. For use by one thread, once. */
public interface SignatureMaker extends OctetSink<RuntimeException> {
    /**
     * Signs what was written.
     *
     * @throws GeneralSecurityException if the key cannot sign, such as an RSA key too short for the digest
     */
    byte[] sign() throws GeneralSecurityException;
}
