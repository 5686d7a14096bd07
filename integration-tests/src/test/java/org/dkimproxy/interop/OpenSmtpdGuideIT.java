package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dkimproxy.interop.RecipeSite.RECIPIENT;
import static org.dkimproxy.interop.RecipeSite.SENDER;
import static org.dkimproxy.interop.RecipeSite.UNKNOWN;
import static org.dkimproxy.interop.RecipeSite.unique;

import java.io.IOException;
import java.nio.file.Path;
import org.dkimproxy.interop.RecipeSite.Route;
import org.dkimproxy.testkit.Await;
import org.dkimproxy.testkit.SmtpSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The recipe of the OpenSMTPD guide as it stands, but for the address and the server that the last rule relays to, with the Debian
 * package: every message arrives once and has one valid signature.
 */
@Tag("long")
class OpenSmtpdGuideIT {
    @TempDir
    static Path folder;

    private static RecipeRoot recipe;
    private static MailServerRoot server;
    private static RecipeSite site;

    @BeforeAll
    static void start() throws Exception {
        MailGuide guide = MailGuide.read("opensmtpd.md");
        // OpenSMTPD does not start without the certificates that other servers are verified with
        recipe = RecipeRoot.make(folder, guide, "trixie", "opensmtpd", "ca-certificates");
        server = recipe.server();
        site = recipe.site();
        recipe.writeTls("/etc/ssl/mail.crt", "/etc/ssl/private/mail.key");
        server.run("chmod", "600", "/etc/ssl/private/mail.key");
        server.write("/etc/aliases", "root: nobody\n");
        String hash = server.run("smtpctl", "encrypt", RecipeSite.PASSWORD).getFirst();
        server.write("/etc/smtpd-users", RecipeSite.USER + " " + hash + "\n");
        server.write(
                "/etc/smtpd.conf",
                guide.files("smtpd")
                        .get("/etc/smtpd.conf")
                        .replace("127.0.0.1", server.host())
                        .replace("0.0.0.0", server.host())
                        .replaceFirst(
                                "(?m)^action \"send\" relay$",
                                "$0 host smtp://127.0.0.1:" + site.lastServer().getPort()));
        server.run(guide.block("Configure OpenSMTPD", "sh").strip().split(" ", -1));
        server.start(587, "smtpd", "-d");
    }

    @AfterAll
    static void stop() throws IOException {
        if (recipe != null) {
            recipe.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_message_arrives_once_with_one_valid_signature(Route route) throws Exception {
        String id = unique();
        SmtpSink.Message message = recipe.deliverSigned(route, id, RECIPIENT);
        assertThat(message.mailFrom()).startsWith("<" + SENDER + ">");
        assertThat(message.recipients()).hasSize(1);
        assertNothingIsQueued();
        assertThat(site.deliveries(id, RECIPIENT)).isEqualTo(1);
    }

    @Test
    void a_bounce_is_signed_and_arrives_once() throws Exception {
        String id = unique();
        SmtpSink.Message bounce = recipe.deliverSigned(Route.SUBMISSION, id, UNKNOWN);
        assertThat(bounce.mailFrom()).startsWith("<>");
        assertThat(bounce.text()).contains("\r\nFrom: Mailer Daemon <MAILER-DAEMON@");
        assertNothingIsQueued();
        assertThat(site.deliveries(id, SENDER)).isEqualTo(1);
    }

    /** A message that went a second way would be in the queue while the first has arrived. */
    private static void assertNothingIsQueued() throws IOException, InterruptedException {
        Await.until(
                () -> server.run("smtpctl", "show", "queue").isEmpty(), RecipeSite.PATIENCE, () -> "an empty queue");
    }
}
