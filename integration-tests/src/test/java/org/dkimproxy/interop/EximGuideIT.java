package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dkimproxy.interop.RecipeSite.RECIPIENT;
import static org.dkimproxy.interop.RecipeSite.UNKNOWN;
import static org.dkimproxy.interop.RecipeSite.unique;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
 * The recipe of the Exim guide as it stands, but for the addresses, with the Debian package on a site that archives all mail, maps
 * addresses and hides the name of the host: every message arrives once, is archived and rewritten once, and has one valid
 * signature.
 */
@Tag("long")
class EximGuideIT {
    private static final String ARCHIVE = "archive@example.net";
    private static final String REWRITTEN = "joe.public@example.org";
    private static final String SETTINGS = "/etc/exim4/update-exim4.conf.conf";

    @TempDir
    static Path folder;

    private static RecipeRoot recipe;
    private static MailServerRoot server;
    private static RecipeSite site;

    @BeforeAll
    static void start() throws Exception {
        MailGuide guide = MailGuide.read("exim.md");
        recipe = RecipeRoot.make(folder, guide, "bookworm", "exim4-daemon-light");
        server = recipe.server();
        site = recipe.site();
        writeSite();
        for (Map.Entry<String, String> file : guide.files("exim").entrySet()) {
            String block = file.getValue()
                    .replace("127.0.0.1", server.host())
                    .replace("0.0.0.0", server.host())
                    .replace("archive@example.org", ARCHIVE)
                    .replace("daemon_smtp_ports = 25 : 587 : 465", "daemon_smtp_ports = 587 : 465");
            // the settings of the guide come last in the file, and so win over those of the site
            server.write(file.getKey(), file.getKey().equals(SETTINGS) ? settings() + block : block);
        }
        for (String command : guide.block("Configure Exim", "sh").lines().toList()) {
            server.run(command.split(" ", -1));
        }
        server.start(587, "exim4", "-bdf", "-q5s");
    }

    /** What a site has before the recipe. */
    private static String settings() {
        return """
        dc_eximconfig_configtype='smarthost'
        dc_other_hostnames='mail.example.org ; example.org'
        dc_readhost='example.org'
        dc_relay_domains=''
        dc_minimaldns='false'
        dc_relay_nets=''
        dc_smarthost='127.0.0.1::PORT'
        CFILEMODE='644'
        dc_hide_mailname='true'
        dc_mailname_in_oh='true'
        dc_localdelivery='mail_spool'
        """.replace("PORT", Integer.toString(site.lastServer().getPort()));
    }

    private static void writeSite() throws IOException {
        server.write("/etc/email-addresses", "joe: joe.public@mail.example.org\n");
        server.write("/etc/exim4/conf.d/main/00_site", """
                MAIN_TLS_ENABLE = yes
                MAIN_HARDCODE_PRIMARY_HOSTNAME = mail.example.org
                MAIN_HOST_LOOKUP = :
                """);
        server.write("/etc/exim4/conf.d/auth/10_site", """
                plain_server:
                  driver = plaintext
                  public_name = PLAIN
                  server_condition = ${if eq{$auth2:$auth3}{USER:PASSWORD}}
                  server_set_id = $auth2
                """.replace("USER", RecipeSite.USER)
                .replace("PASSWORD", RecipeSite.PASSWORD));
        recipe.writeTls("/etc/exim4/exim.crt", "/etc/exim4/exim.key");
        server.run("chown", "root:Debian-exim", "/etc/exim4/exim.key");
        server.run("chmod", "640", "/etc/exim4/exim.key");
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
        assertThat(message.mailFrom()).startsWith("<" + REWRITTEN + ">");
        assertThat(message.text()).contains("\r\nFrom: Joe <" + REWRITTEN + ">\r\n");
        awaitEmptyQueue();
        assertThat(site.received(id)).hasSize(1);
        assertThat(site.deliveries(id, RECIPIENT)).isEqualTo(1);
        assertThat(site.deliveries(id, ARCHIVE)).isEqualTo(1);
    }

    @Test
    void a_bounce_is_signed() throws Exception {
        // the sender is not on this server, so that the bounce leaves it
        String id = unique();
        String sender = "ann@example.com";
        server.sendmail(
                sender,
                List.of(UNKNOWN),
                ("From: Ann <" + sender + ">\nTo: " + UNKNOWN + "\nSubject: " + id + "\n\nHello\n")
                        .getBytes(StandardCharsets.US_ASCII));
        site.awaitMessages(id, 2, server::log);
        awaitEmptyQueue();
        assertThat(site.received(id)).hasSize(2);
        assertThat(site.deliveries(id, ARCHIVE)).isEqualTo(1);
        SmtpSink.Message bounce = site.received(id).stream()
                .filter(message -> message.mailFrom().startsWith("<>"))
                .findFirst()
                .orElseThrow();
        assertThat(bounce.text()).contains("\r\nFrom: Mail Delivery System <Mailer-Daemon@");
        assertThat(site.deliveries(id, sender)).isEqualTo(1);
        site.assertSignedOnce(bounce);
    }

    private static void awaitEmptyQueue() throws IOException, InterruptedException {
        Await.until(() -> server.run("exim4", "-bp").isEmpty(), RecipeSite.PATIENCE, () -> "an empty queue");
    }
}
