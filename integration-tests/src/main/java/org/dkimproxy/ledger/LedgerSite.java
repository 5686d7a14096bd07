package org.dkimproxy.ledger;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.dkimproxy.testkit.PrivateKeys;

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
        Path next = PrivateKeys.writeNewEd25519(folder.resolve("private.key.new"));
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
