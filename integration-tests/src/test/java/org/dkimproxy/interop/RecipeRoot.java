package org.dkimproxy.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dkimproxy.interop.RecipeSite.Route;
import org.dkimproxy.testkit.SmtpSink;

/** A mail server of a Debian package in a root of its own that is set up as a guide says, and what surrounds it. */
record RecipeRoot(MailServerRoot server, RecipeSite site) implements AutoCloseable {
    /** Makes a root with the packages, and starts the proxy with the conf file of the guide; the mail server is not started. */
    static RecipeRoot make(Path folder, MailGuide guide, String release, String... packages) throws Exception {
        Requirements.debootstrap();
        Requirements.mailDkim();
        Requirements.dkimpy();
        MailServerRoot server = MailServerRoot.make(folder, release, packages);
        try {
            return new RecipeRoot(
                    server, new RecipeSite(Files.createDirectory(folder.resolve("site")), server.host(), guide));
        } catch (Exception | Error e) {
            server.close();
            throw e;
        }
    }

    /** Writes the certificate and the private key of the mail server into the root. */
    void writeTls(String certificate, String key) throws IOException {
        server.write(certificate, Files.readString(site.tls().certificate(), StandardCharsets.US_ASCII));
        server.write(key, Files.readString(site.tls().key(), StandardCharsets.US_ASCII));
    }

    /** Submits a message with this subject, and returns it as it arrived. Fails unless it has one signature, which is valid. */
    SmtpSink.Message deliverSigned(Route route, String id, String recipient) throws Exception {
        site.submit(route, server::sendmail, id, recipient);
        SmtpSink.Message message = site.awaitMessages(id, 1, server::log).getFirst();
        site.assertSignedOnce(message);
        return message;
    }

    @Override
    public void close() throws IOException {
        try (server) {
            site.close();
        }
    }
}
