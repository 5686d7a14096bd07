package org.dkimproxy.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.dkimproxy.testkit.PrivateKeys;

/** Keys made for one run, as the files that sites have and as the DNS records that they publish. */
public final class TestKeys {
    private final KeyPair rsa;
    private final KeyPair ed25519;
    private final Path folder;

    private TestKeys(KeyPair rsa, KeyPair ed25519, Path folder) {
        this.rsa = rsa;
        this.ed25519 = ed25519;
        this.folder = folder;
    }

    /** Makes an RSA key of 2048 bits and an Ed25519 key and writes their PEM files to a folder. */
    public static TestKeys generate(Path folder) throws IOException, GeneralSecurityException {
        TestKeys keys = new TestKeys(PrivateKeys.newRsa(), PrivateKeys.newEd25519(), folder);
        PrivateKeys.write(keys.rsaFile(), keys.rsa.getPrivate());
        PrivateKeys.write(keys.ed25519File(), keys.ed25519.getPrivate());
        byte[] secret = keys.ed25519.getPrivate().getEncoded();
        Files.writeString(
                keys.ed25519SeedFile(),
                Base64.getEncoder().encodeToString(Arrays.copyOfRange(secret, secret.length - 32, secret.length)),
                StandardCharsets.US_ASCII);
        byte[] pkcs1 = PrivateKeyInfo.getInstance(keys.rsa.getPrivate().getEncoded())
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();
        PrivateKeys.write(keys.rsaPkcs1File(), PrivateKeys.pem("RSA PRIVATE KEY", pkcs1));
        return keys;
    }

    /** The RSA key as PKCS#8. */
    public Path rsaFile() {
        return folder.resolve("rsa.pem");
    }

    /** The RSA key as PKCS#1, which is what most sites have. */
    public Path rsaPkcs1File() {
        return folder.resolve("rsa-pkcs1.pem");
    }

    /** The Ed25519 key as PKCS#8. */
    public Path ed25519File() {
        return folder.resolve("ed25519.pem");
    }

    /** The 32 octets of the Ed25519 private key in base64, as dkimpy reads them. */
    Path ed25519SeedFile() {
        return folder.resolve("ed25519.seed");
    }

    /** The record to publish for an algorithm (RFC 6376 section 3.6.1, RFC 8463 section 4). */
    public String record(String algorithm) {
        return algorithm.startsWith("ed25519")
                ? "v=DKIM1; k=ed25519; p=" + Base64.getEncoder().encodeToString(rawEd25519())
                : "v=DKIM1; k=rsa; p="
                        + Base64.getEncoder().encodeToString(rsa.getPublic().getEncoded());
    }

    private byte[] rawEd25519() {
        byte[] encoded = ed25519.getPublic().getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    }

    /** The records of these kinds of signatures in these domains: DNS name to text. */
    DnsRecords records(List<SignatureKind> kinds, String... domains) {
        SortedMap<String, String> texts = new TreeMap<>();
        for (String domain : domains) {
            kinds.forEach(kind -> texts.put(kind.selector() + "._domainkey." + domain, record(kind.algorithm())));
        }
        return new DnsRecords(texts);
    }
}
