package org.dkimproxy.ledger;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A folder with what the proxy needs to sign the letters of a ledger: key, map and conf file. */
final class LedgerSite {
    private final Path folder;

    /** Writes key and map; Ed25519, so that signing does not take the time that the faults are to have. */
    LedgerSite(Path folder) throws IOException {
        this.folder = folder;
        writeKey();
        writeMap();
    }

    Path key() {
        return folder.resolve("private.key");
    }

    Path map() {
        return folder.resolve("sender_map");
    }

    Path conf() {
        return folder.resolve("dkimproxy_out.conf");
    }

    /** Writes the conf file of a proxy with this relay and these further lines; it listens on a free port if they name none. */
    Path writeConf(InetSocketAddress relay, List<String> more) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                more.stream().anyMatch(line -> line.startsWith("listen ")) ? "" : "listen 127.0.0.1:0",
                "relay 127.0.0.1:" + relay.getPort(),
                "sender_map " + map()));
        lines.addAll(more);
        return Files.write(conf(), lines, StandardCharsets.UTF_8);
    }

    void writeKey() throws IOException {
        byte[] encoded;
        try {
            encoded = KeyPairGenerator.getInstance("Ed25519")
                    .generateKeyPair()
                    .getPrivate()
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no Ed25519 in this JDK", e);
        }
        String pem = "-----BEGIN PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(encoded)
                + "\n-----END PRIVATE KEY-----\n";
        Path next = folder.resolve("private.key.new");
        Files.deleteIfExists(next);
        Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(next, pem, StandardCharsets.US_ASCII);
        Files.move(next, key(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void writeMap() throws IOException {
        Files.writeString(
                map(),
                Letter.DOMAIN + " dkim(a=ed25519-sha256,c=relaxed/relaxed,s=one,key=" + key() + ")\n",
                StandardCharsets.UTF_8);
    }

    /** A map that cannot be read as one. */
    void breakMap() throws IOException {
        Files.writeString(map(), Letter.DOMAIN + " dkim(a=\n", StandardCharsets.UTF_8);
    }
}
