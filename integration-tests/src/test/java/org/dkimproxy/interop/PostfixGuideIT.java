package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dkimproxy.interop.RecipeSite.PATIENCE;
import static org.dkimproxy.interop.RecipeSite.RECIPIENT;
import static org.dkimproxy.interop.RecipeSite.UNKNOWN;
import static org.dkimproxy.interop.RecipeSite.unique;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.dkimproxy.interop.RecipeSite.Route;
import org.dkimproxy.testkit.RunningPostfix;
import org.dkimproxy.testkit.SaslServer;
import org.dkimproxy.testkit.SmtpSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The recipes of the Postfix guide as they stand, but for the address, on a site with a strict main.cf: every message arrives once,
 * is archived, checked and rewritten once, and has one valid signature.
 */
class PostfixGuideIT {
    private static final String ARCHIVE = "archive@example.net";
    private static final String GENERIC = "joe.generic@example.org";

    @TempDir
    static Path folder;

    private static final Map<Recipe, Site> SITES = new EnumMap<>(Recipe.class);

    /** The two recipes. */
    enum Recipe {
        AFTER("Sign after the queue"),
        BEFORE("Sign before the queue");

        private final String heading;

        Recipe(String heading) {
            this.heading = heading;
        }
    }

    /** A Postfix with a recipe, and what surrounds it. */
    private record Site(RecipeSite surroundings, SaslServer users, RunningPostfix postfix) {
        static Site start(Recipe recipe) throws Exception {
            MailGuide guide = MailGuide.read("postfix.md");
            RunningPostfix.Setup setup = RunningPostfix.setup();
            RecipeSite site = new RecipeSite(Files.createDirectory(folder.resolve(recipe.name())), setup.host(), guide);
            SaslServer users = SaslServer.start(RecipeSite.USER, RecipeSite.PASSWORD);
            String services = guide.block(recipe.heading, "postfix") + guide.block("Sign bounces", "postfix");
            RunningPostfix postfix = strict(setup, site, users)
                    .with(
                            "smtp_generic_maps",
                            recipe == Recipe.AFTER ? "inline:{ {joe.public@example.org=" + GENERIC + "} }" : "")
                    .services(services.replaceAll("(?m)^submission ", "HOST:587 ")
                            .replaceAll("(?m)^submissions ", "HOST:465 ")
                            .replace("127.0.0.1", "HOST"))
                    .start();
            return new Site(site, users, postfix);
        }

        /** Whatever a careful administrator may have in main.cf that a message must not meet twice or after signing. */
        private static RunningPostfix.Setup strict(RunningPostfix.Setup setup, RecipeSite site, SaslServer users) {
            RunningPostfix.Setup all = setup;
            for (String list : List.of("client", "helo", "sender", "relay", "recipient", "data", "end_of_data")) {
                all = all.with("smtpd_" + list + "_restrictions", "permit_sasl_authenticated, reject");
            }
            return all.with("relayhost", "[127.0.0.1]:" + site.lastServer().getPort())
                    .with("myhostname", RecipeSite.HOST_NAME)
                    .with("mydomain", "example.org")
                    .with("myorigin", RecipeSite.HOST_NAME)
                    .with("mynetworks", "192.0.2.0/24")
                    .with("smtpd_helo_required", "yes")
                    .with("smtpd_reject_unlisted_sender", "yes")
                    .with("smtpd_tls_security_level", "encrypt")
                    .with("smtpd_tls_cert_file", site.tls().certificate().toString())
                    .with("smtpd_tls_key_file", site.tls().key().toString())
                    .with("smtpd_sasl_auth_enable", "yes")
                    .with("smtpd_sasl_type", "dovecot")
                    .with("smtpd_sasl_path", "inet:127.0.0.1:" + users.address().getPort())
                    .with("smtp_fallback_relay", "[127.0.0.1]:1")
                    .with("always_bcc", ARCHIVE)
                    .with(
                            "header_checks",
                            "regexp:{ {/^Subject: (.*)/ REPLACE Subject: [checked] $$1}, {/^X-Origin:/ IGNORE} }")
                    .with("canonical_maps", "inline:{ {joe@mail.example.org=joe.public@mail.example.org} }")
                    .with("masquerade_domains", "example.org")
                    .with("local_header_rewrite_clients", "permit_sasl_authenticated")
                    .with("minimal_backoff_time", "1s")
                    .with("maximal_backoff_time", "1s")
                    .with("queue_run_delay", "1s");
        }

        void submit(Route route, String id, String recipient) throws IOException, InterruptedException {
            surroundings.submit(route, postfix::sendmail, id, recipient);
        }

        /** Waits for messages and for an empty queue. Fails unless exactly so many messages arrived. */
        List<SmtpSink.Message> await(String id, int count) throws IOException, InterruptedException {
            surroundings.awaitMessages(id, count, () -> String.join("\n", postfix.log()));
            postfix.awaitQueue(0, PATIENCE);
            List<SmtpSink.Message> found = surroundings.received(id);
            assertThat(found).hasSize(count);
            return found;
        }

        void close() throws IOException {
            try (surroundings;
                    users) {
                postfix.close();
            }
        }
    }

    @BeforeAll
    static void start() throws Exception {
        Requirements.postfixServer();
        Requirements.mailDkim();
        Requirements.dkimpy();
        for (Recipe recipe : Recipe.values()) {
            SITES.put(recipe, Site.start(recipe));
        }
    }

    @AfterAll
    static void stop() throws IOException {
        for (Site site : SITES.values()) {
            site.close();
        }
    }

    private static Site site(Recipe recipe) {
        return SITES.get(recipe);
    }

    @ParameterizedTest
    @CsvSource({
        "AFTER, SUBMISSION, joe.generic@example.org, joe.generic@example.org, '[checked] ', false",
        "AFTER, SUBMISSIONS, joe.generic@example.org, joe.generic@example.org, '[checked] ', false",
        "AFTER, SENDMAIL, joe.generic@example.org, joe.generic@example.org, '[checked] ', false",
        "BEFORE, SUBMISSION, joe.public@example.org, joe@mail.example.org, '', true",
        "BEFORE, SUBMISSIONS, joe.public@example.org, joe@mail.example.org, '', true",
        "BEFORE, SENDMAIL, joe.public@example.org, joe.public@example.org, '[checked] ', false",
    })
    void a_message_arrives_once_with_one_valid_signature(
            Recipe recipe, Route route, String sender, String author, String prefix, boolean unchecked)
            throws Exception {
        String id = unique();
        site(recipe).submit(route, id, RECIPIENT);
        SmtpSink.Message message = site(recipe).await(id, 1).getFirst();
        site(recipe).surroundings().assertSignedOnce(message);
        assertThat(site(recipe).surroundings().deliveries(id, RECIPIENT)).isEqualTo(1);
        assertThat(site(recipe).surroundings().deliveries(id, ARCHIVE)).isEqualTo(1);
        assertThat(message.recipients()).hasSize(2);
        assertThat(message.mailFrom()).startsWith("<" + sender + ">");
        assertThat(message.text())
                .contains("\r\nFrom: Joe <" + author + ">\r\n")
                .contains("\r\nSubject: " + prefix + id + "\r\n");
        assertThat(message.text().contains("X-Origin: ")).isEqualTo(unchecked);
    }

    @ParameterizedTest
    @EnumSource
    void a_bounce_is_signed_and_arrives_once(Recipe recipe) throws Exception {
        String id = unique();
        site(recipe).submit(Route.SUBMISSION, id, UNKNOWN);
        List<SmtpSink.Message> messages = site(recipe).await(id, 2);
        assertThat(messages.getFirst().recipients()).singleElement().asString().startsWith("<" + ARCHIVE + ">");
        SmtpSink.Message bounce = messages.getLast();
        assertThat(bounce.mailFrom()).startsWith("<>");
        assertThat(bounce.text()).contains("\r\nFrom: Mail Delivery System <MAILER-DAEMON@");
        assertThat(site(recipe)
                        .surroundings()
                        .deliveries(id, recipe == Recipe.AFTER ? GENERIC : "joe.public@example.org"))
                .isEqualTo(1);
        site(recipe).surroundings().assertSignedOnce(bounce);
    }

    @ParameterizedTest
    @EnumSource
    void postfix_accepts_the_recipe_without_a_warning(Recipe recipe) throws Exception {
        for (String option : List.of("-M", "-P")) {
            Programs.Result result = Programs.run(
                    PATIENCE,
                    List.of(
                            "/usr/sbin/postconf",
                            "-c",
                            site(recipe).postfix().folder().toString(),
                            option));
            assertThat(result.exit()).isZero();
            assertThat(result.errors()).isEmpty();
        }
    }
}
