package org.dkimproxy.james;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.MessagingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.james.core.healthcheck.Result;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;
import org.dkimproxy.signing.key.TestKeys;
import org.dkimproxy.signing.log.CapturingLogProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** What an administrator sees of the mailets: health, log lines, metrics and fingerprints. */
@Timeout(120)
class MonitoringTest {
    private static final String GAUGE = "dkimproxy.configuration.fingerprint";
    private static final String MAP = "example.org dkim(s=before,key=file://conf/ed.pem)\n";
    private static final String MESSAGE = "From: alice@example.org\n\ntext\n";

    @TempDir
    Path folder;

    private Workplace place;
    private final List<SignWithSenderMap> mailets = new ArrayList<>();

    @BeforeEach
    void conf() {
        place = new Workplace(folder).write("conf/sender_map", MAP).write("conf/mailetcontainer.xml", """
                <mailetcontainer><processors>
                  <processor state="root"><mailet match="All" class="Null"/></processor>
                  <processor state="relay">
                    <mailet match="All" class="org.dkimproxy.james.SignWithSenderMap">
                      <sender_map>file://conf/sender_map</sender_map>
                    </mailet>
                  </processor>
                  <processor state="lists">
                    <mailet match="All" class="org.dkimproxy.james.SignWithSenderMap">
                      <onMailetException>ignore</onMailetException>
                      <sender_map>file://conf/sender_map</sender_map>
                    </mailet>
                  </processor>
                </processors></mailetcontainer>
                """);
    }

    @AfterEach
    void stop() {
        mailets.forEach(SignWithSenderMap::destroy);
    }

    @Test
    void without_a_mailet_the_health_check_says_so() {
        assertThat(health().isDegraded()).isTrue();
        assertThat(health().getCause()).contains("no SignWithSenderMap runs in this James");

        start("sender_map", "file://conf/sender_map");
        assertThat(health().isHealthy()).isTrue();
        mailets.removeFirst().destroy();
        assertThat(health().isDegraded()).isTrue();
    }

    @Test
    void a_failed_reload_degrades_until_a_good_one_and_mail_is_signed_all_the_while() throws Exception {
        SignWithSenderMap mailet = start("sender_map", "file://conf/sender_map");
        LiveSettings settings = place.running.all().getFirst();
        assertThat(settings.reload()).isEmpty();
        assertThat(place.metrics.countFor("dkimproxy.reloads.succeeded")).isPositive();
        assertThat(place.metrics.countFor("dkimproxy.reloads.failed")).isZero();

        place.write("conf/sender_map", MAP + "b.example dkmi\n");
        assertThat(settings.reload())
                .singleElement()
                .asString()
                .startsWith("file://conf/sender_map:2:11: error: ")
                .contains("dkmi");
        assertThat(place.metrics.countFor("dkimproxy.reloads.failed")).isPositive();
        assertThat(health().isDegraded()).isTrue();
        assertThat(health().getCause().orElseThrow())
                .startsWith("relay: configuration reload failed: file://conf/sender_map:2:11: error: ");
        assertThat(signed(mailet)).contains("s=before;");

        place.write("conf/sender_map", MAP.replace("before", "mended"));
        assertThat(settings.reload()).isEmpty();
        assertThat(health().isHealthy()).isTrue();
        assertThat(signed(mailet)).contains("s=mended;");
    }

    @Test
    void a_key_file_that_cannot_be_read_degrades_until_it_is_back() throws Exception {
        SignWithSenderMap mailet = start("sender_map", "file://conf/sender_map");
        Path key = place.path("conf/ed.pem");
        Path away = place.path("away.pem");
        Files.move(key, away);
        pause();
        assertThat(health().isDegraded()).isTrue();
        assertThat(health().getCause().orElseThrow()).startsWith("relay: cannot read key file " + key + ": ");
        assertThat(signed(mailet)).contains("s=before;");

        Files.move(away, key);
        pause();
        assertThat(health().isHealthy()).isTrue();
    }

    @Test
    void of_many_failures_the_health_check_names_the_first() throws Exception {
        StringBuilder map = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            place.write("conf/k" + i, TestKeys.ed25519());
            map.append("d" + i + ".example dkim(s=x,key=file://conf/k" + i + ")\n");
        }
        place.write("conf/sender_map", map.toString());
        start("sender_map", "file://conf/sender_map");
        for (int i = 0; i < 8; i++) {
            place.write("conf/k" + i, "");
        }
        pause();
        assertThat(health().getCause().orElseThrow()).endsWith("; and 3 more, see the log");
    }

    @Test
    void one_line_tells_what_is_active_at_the_start_and_at_each_reload() throws Exception {
        start("onMailetException", "ignore", "sender_map", "file://conf/sender_map");
        LiveSettings settings = place.running.all().getFirst();
        String line = "INFO configuration loaded: processor=lists, rules=1, keys=1, fingerprint=";
        assertThat(CapturingLogProvider.linesWith(line))
                .last()
                .asString()
                .isEqualTo(line + settings.fingerprintText())
                .matches(".*fingerprint=[0-9a-f]{12}");

        place.write("conf/sender_map", MAP + "example.net dkim(s=x,key=file://conf/rsa.pem)\n");
        assertThat(settings.reload()).isEmpty();
        assertThat(CapturingLogProvider.linesWith(
                        "INFO configuration reloaded: processor=lists, rules=2, keys=2, fingerprint="
                                + settings.fingerprintText()))
                .isNotEmpty();
    }

    @Test
    void a_mailet_that_stands_in_no_processor_or_in_two_is_named_so() {
        start("sender_map", "file://conf/sender_map", "originator", "from");
        place.write(
                "conf/mailetcontainer.xml",
                "<m><processors>"
                        + "<processor state=\"a\"><mailet class=\"org.dkimproxy.james.SignWithSenderMap\"><sender_map>file://conf/sender_map</sender_map></mailet></processor>"
                        + "<processor state=\"b\"><mailet class=\"org.dkimproxy.james.SignWithSenderMap\"><sender_map>file://conf/sender_map</sender_map></mailet></processor>"
                        + "</processors></m>");
        start("sender_map", "file://conf/sender_map");
        assertThat(place.running.all()).extracting(LiveSettings::processor).containsExactly("unknown", "a|b");
    }

    @Test
    void nodes_with_equal_configuration_have_equal_fingerprints() throws Exception {
        start("sender_map", "file://conf/sender_map");
        Workplace other = new Workplace(Files.createDirectory(folder.resolve("other")));
        other.write("conf/maps/m", "# another file\n" + MAP.replace("conf/ed.pem", "conf/keys/k"))
                .write("conf/keys/k", Files.readString(other.path("conf/ed.pem")));
        mailets.add(other.mailet("sender_map", "file://conf/maps/m"));
        assertThat(other.gauges.value(GAUGE)).isEqualTo(place.gauges.value(GAUGE));

        for (String option :
                List.of("reject_error=yes", "sign_authors=all", "convert_to_7bit=yes", "convert_to_7bit=no")) {
            int equals = option.indexOf('=');
            mailets.removeLast().destroy();
            mailets.add(other.mailet(
                    "sender_map", "file://conf/maps/m", option.substring(0, equals), option.substring(equals + 1)));
            assertThat(other.gauges.value(GAUGE)).as(option).isNotEqualTo(place.gauges.value(GAUGE));
        }
    }

    @Test
    void the_gauge_is_the_fingerprint_of_one_mailet_and_the_sum_of_several() {
        start("sender_map", "file://conf/sender_map");
        long first = place.running.all().getFirst().fingerprint();
        assertThat(first).isBetween(1L, (1L << 48) - 1);
        assertThat(place.gauges.value(GAUGE)).isEqualTo(first);

        start("sender_map", "file://conf/sender_map", "reject_error", "yes");
        long second = place.running.all().getLast().fingerprint();
        assertThat(place.gauges.value(GAUGE)).isEqualTo((first + second) % (1L << 48));
    }

    @Test
    void what_stays_unsigned_is_counted_by_reason() throws Exception {
        place.write("conf/sender_map", MAP + "off.example.org \n");
        SignWithSenderMap mailet = start("sender_map", "file://conf/sender_map");
        Mail stranger = serviced(mailet, "From: eve@example.com\n\ntext\n");
        Mail off = serviced(mailet, "From: alice@off.example.org\n\ntext\n");
        Mail twice = serviced(mailet, "From: alice@example.org\nFrom: bob@example.org\n\ntext\n");
        assertThat(reason(stranger)).isEqualTo("no_rule");
        assertThat(reason(off)).isEqualTo("rule_without_signature");
        assertThat(reason(twice)).isEqualTo("permanent");
        assertThat(place.metrics.countFor("dkimproxy.skipped.no_rule")).isEqualTo(1);
        assertThat(place.metrics.countFor("dkimproxy.skipped.rule_without_signature"))
                .isEqualTo(1);
        assertThat(place.metrics.countFor("dkimproxy.skipped.unknown_originator"))
                .isZero();
        assertThat(place.metrics.countFor("dkimproxy.failed.permanent")).isEqualTo(1);
        assertThat(place.metrics.countFor("dkimproxy.skipped")).isEqualTo(2);
    }

    @Test
    void a_mail_that_a_later_mailet_signs_has_no_reason() throws Exception {
        SignWithSenderMap first =
                start("domain", "example.com,example.net", "keyfile", "file://conf/ed.pem", "selector", "s");
        SignWithSenderMap second = start("sender_map", "file://conf/sender_map");
        Mail mail = serviced(first, MESSAGE);
        assertThat(reason(mail)).isEqualTo("no_rule");
        second.service(mail);
        assertThat(reason(mail)).isEqualTo("none");
        assertThat(place.metrics.countFor("dkimproxy.skipped.no_rule")).isZero();
        assertThat(place.metrics.countFor("dkimproxy.signed")).isEqualTo(1);
    }

    private SignWithSenderMap start(String... parameters) {
        try {
            SignWithSenderMap mailet = place.mailet(parameters);
            mailets.add(mailet);
            return mailet;
        } catch (MessagingException e) {
            throw new AssertionError(e);
        }
    }

    /** A settled file is not looked at for ten milliseconds. */
    private static void pause() throws InterruptedException {
        Thread.sleep(20);
    }

    private Result health() {
        return Mono.from(new SigningHealthCheck(place.running).check()).block();
    }

    private static Mail serviced(SignWithSenderMap mailet, String message) throws MessagingException {
        Mail mail = Workplace.mail(message);
        // by its name a mail that failed is known again
        ((MailImpl) mail).setName("mail-" + message.hashCode());
        mailet.service(mail);
        return mail;
    }

    private static String signed(SignWithSenderMap mailet) throws MessagingException {
        return Workplace.sent(serviced(mailet, MESSAGE)).replace("\n\t", "");
    }

    private static String reason(Mail mail) {
        return AttributeUtils.getValueAndCastFromMail(mail, OutcomeCounters.REASON, String.class)
                .orElse("none");
    }
}
