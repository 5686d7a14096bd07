package org.dkimproxy.signing;

import java.util.List;
import org.dkimproxy.signing.canonical.HeaderCanonicalizer;
import org.dkimproxy.signing.canonical.OctetBuffer;
import org.dkimproxy.signing.key.SignatureMaker;
import org.dkimproxy.signing.message.HeaderField;

/**
 * The header of a message as a signature covers it. Those that cover the same fields in the same canonicalization can share
 * it.
 *
 * @param names the h= list
 * @param octets the fields in canonical form, in the order of the names, each with CRLF
 */
record CanonicalHeader(List<String> names, OctetBuffer octets) {
    static CanonicalHeader of(SignedFields signed, HeaderCanonicalizer canonicalizer) {
        OctetBuffer octets = new OctetBuffer();
        for (HeaderField field : signed.fields()) {
            canonicalizer.write(field, octets);
            octets.writeLineEnd();
        }
        return new CanonicalHeader(signed.names(), octets);
    }

    void writeTo(SignatureMaker maker) {
        maker.write(octets.array(), 0, octets.size());
    }
}
