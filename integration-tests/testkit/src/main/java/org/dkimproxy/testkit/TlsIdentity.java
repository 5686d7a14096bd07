package org.dkimproxy.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A self-signed certificate with its key, as the PEM files that mail servers read, and what a client needs to trust it and no
 * other.
 *
 * @param certificate PEM
 * @param key PEM, PKCS#8, readable by its owner only
 * @param client trusts this certificate alone
 */
public record TlsIdentity(Path certificate, Path key, SSLContext client) {
    private static final String PASSWORD = "changeit";
    private static final String ALIAS = "mail";
    private static final long SECONDS_TO_MAKE = 60;

    /** Makes one in a folder, with the JDK's keytool. */
    public static TlsIdentity generate(Path folder, String hostName)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve("tls.p12");
        keytool(
                folder,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                        "-genkeypair",
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-validity",
                        "30",
                        "-dname",
                        "CN=" + hostName));
        KeyStore made = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(store)) {
            made.load(file, PASSWORD.toCharArray());
        }
        Certificate certificate = made.getCertificate(ALIAS);
        Key key = made.getKey(ALIAS, PASSWORD.toCharArray());
        Path keyFile = PrivateKeys.write(folder.resolve("tls.key"), PrivateKeys.pem("PRIVATE KEY", key.getEncoded()));
        Path certificateFile = Files.writeString(
                folder.resolve("tls.crt"),
                PrivateKeys.pem("CERTIFICATE", certificate.getEncoded()),
                StandardCharsets.US_ASCII);
        return new TlsIdentity(certificateFile, keyFile, trusting(certificate));
    }

    private static void keytool(Path folder, List<String> command) throws IOException, InterruptedException {
        Path output = folder.resolve("keytool.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(SECONDS_TO_MAKE, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("keytool failed: " + Files.readString(output, StandardCharsets.ISO_8859_1));
        }
    }

    private static SSLContext trusting(Certificate certificate) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, certificate);
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), new SecureRandom());
        return context;
    }
}
