package org.dkimproxy.signing.key;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/** What a key file holds, before any key in it is read. */
final class KeyText {
    private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";
    private static final int SEED_OCTETS = 32;
    private static final byte SEQUENCE = 0x30;
    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");
    private static final Pattern PUBLIC = Pattern.compile("\\s*(ssh-|ecdsa-|v=DKIM1|k=rsa|p=).*", Pattern.DOTALL);

    private final byte[] der;
    private final String text;
    private final List<PemObject> blocks;

    private KeyText(byte[] der, String text, List<PemObject> blocks) {
        this.der = der;
        this.text = text;
        this.blocks = blocks;
    }

    /** @throws IOException if the armour is damaged */
    static KeyText of(byte[] file) throws IOException {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        text = text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
        List<PemObject> blocks = new ArrayList<>();
        try (PemReader reader = new PemReader(new StringReader(text))) {
            for (PemObject block = reader.readPemObject(); block != null; block = reader.readPemObject()) {
                blocks.add(block);
            }
        }
        return new KeyText(blocks.isEmpty() ? der(file, text) : new byte[0], text, blocks);
    }

    /** The PEM blocks (RFC 7468). */
    List<PemObject> blocks() {
        return blocks;
    }

    /** The file where it has no armour: DER, or what its base64 stands for; nothing if it is neither. */
    private static byte[] der(byte[] file, String text) {
        if (file.length > 0 && file[0] == SEQUENCE && file.length > 1 && file[1] < 0) {
            return file;
        }
        try {
            return Base64.getDecoder().decode(WHITE_SPACE.matcher(text).replaceAll(""));
        } catch (IllegalArgumentException notBase64) {
            return new byte[0];
        }
    }

    /** The key of a file without armour: in DER, or an Ed25519 seed of 32 octets (the format of dkimpy). */
    Optional<PrivateKeyInfo> unarmouredKey() {
        try {
            if (der.length == SEED_OCTETS) {
                AlgorithmIdentifier ed25519 = new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);
                return Optional.of(new PrivateKeyInfo(ed25519, new DEROctetString(der)));
            }
            return der.length == 0 ? Optional.empty() : Optional.of(DerKey.read(der));
        } catch (IOException | RuntimeException noKey) {
            return Optional.empty();
        }
    }

    /** What there is, since there is no private key. */
    String withoutPrivateKey() {
        boolean isPublic = PUBLIC.matcher(text).matches()
                || blocks.stream().anyMatch(block -> block.getType().endsWith("PUBLIC KEY"));
        if (isPublic) {
            return "a public key, and no private key";
        }
        boolean isCertificate =
                blocks.stream().anyMatch(block -> block.getType().endsWith("CERTIFICATE"));
        return isCertificate ? "a certificate, and no private key" : "no private key";
    }
}
