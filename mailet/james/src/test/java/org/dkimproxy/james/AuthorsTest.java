package org.dkimproxy.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.MessagingException;
import java.nio.file.Path;
import java.util.List;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;
import org.dkimproxy.signing.log.CapturingLogProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The one-key sample in a James that forwards: {@code sign_authors} and what follows from it for the conversion to 7 bit.
 */
class AuthorsTest {
    private static final String FOREIGN_SIGNATURE =
            "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=elsewhere.example;\n\ts=x; h=from; bh=YQ==; b=YQ==\n";
    private static final String BODY = "\n\ngr\u00FC\u00DFe an alle\n";
    private static final String CONVERTED_BODY = "\n\ngr=FC=DFe an alle\n";
    private static final String EIGHT_BIT = "Content-Type: text/plain; charset=iso-8859-1" + BODY;

    @TempDir
    Path folder;

    private Workplace place;
    private final ScriptedDomains domains = new ScriptedDomains();

    @BeforeEach
    void conf() {
        place = new Workplace(folder);
        domains.domains = List.of("hosted.example");
    }

    /** With the DomainList of a James, as its Guice gives it. */
    private SignWithSenderMap mailet(String... more) throws MessagingException {
        SignWithSenderMap mailet = place.mailet();
        mailet.setDomainList(domains);
        return init(mailet, more);
    }

    private static SignWithSenderMap init(SignWithSenderMap mailet, String... more) throws MessagingException {
        String[] all = new String[more.length + 6];
        System.arraycopy(
                new String[] {"domain", "example.org", "selector", "s1", "keyfile", "file://conf/rsa.pem"},
                0,
                all,
                0,
                6);
        System.arraycopy(more, 0, all, 6, more.length);
        mailet.init(Workplace.config(all));
        return mailet;
    }

    private static String outcome(Mail mail) {
        return AttributeUtils.getValueAndCastFromMail(mail, OutcomeCounters.OUTCOME, String.class)
                .orElseThrow();
    }

    @ParameterizedTest(name = "sign_authors {0}: {1} is {2}")
    @CsvSource({
        "own, alice@example.org,          signed",
        "OWN, alice@news.example.org,     signed",
        "own, alice@hosted.example,       signed",
        "own, alice@elsewhere.example,    skipped",
        "all, alice@elsewhere.example,    signed"
    })
    void own_authors_are_those_of_the_keys_and_of_james(String authors, String from, String expected) throws Exception {
        Mail mail = Workplace.mail("From: " + from + "\n\ntext\n");
        mailet("signAuthors", authors).service(mail);

        assertThat(outcome(mail)).isEqualTo(expected);
        assertThat(place.metrics.countFor("dkimproxy." + expected)).isEqualTo(1);
    }

    @Test
    void a_stranger_stays_unsigned_by_default_and_the_log_says_why() throws Exception {
        String message = "Message-ID: <forwarded@elsewhere.example>\nFrom: ann@elsewhere.example\n" + EIGHT_BIT;
        Mail mail = Workplace.mail(message);
        mailet("reject_error", "yes").service(mail);

        assertThat(Workplace.sent(mail)).isEqualTo(message);
        assertThat(CapturingLogProvider.linesWith("<forwarded@elsewhere.example>"))
                .containsExactly(
                        "INFO DKIM signing - skipped; message-id=<forwarded@elsewhere.example>,"
                                + " from=<ann@elsewhere.example>, mail=mail-1",
                        "INFO unsigned: foreign author: elsewhere.example is neither a domain of a key nor one of this"
                                + " server (sign_authors own); message-id=<forwarded@elsewhere.example>,"
                                + " from=<ann@elsewhere.example>, mail=mail-1");
    }

    @Test
    void a_report_of_this_server_has_an_own_author() throws Exception {
        for (String from : List.of("MAILER-DAEMON@example.org", "postmaster@hosted.example")) {
            Mail report = Workplace.bounce("From: Mail Delivery <" + from + ">\n\ntext\n");
            mailet().service(report);

            assertThat(outcome(report)).as(from).isEqualTo("signed");
        }
    }

    @Test
    void without_the_domain_list_of_james_the_keys_decide() throws Exception {
        SignWithSenderMap mailet = init(place.mailet());
        Mail own = Workplace.mail("From: alice@example.org\n\ntext\n");
        Mail hosted = Workplace.mail("From: alice@hosted.example\n\ntext\n");
        mailet.service(own);
        mailet.service(hosted);

        assertThat(outcome(own)).isEqualTo("signed");
        assertThat(outcome(hosted)).isEqualTo("skipped");
    }

    @Test
    void james_is_asked_once_and_only_for_mail_that_no_key_is_for() throws Exception {
        SignWithSenderMap mailet = mailet();
        mailet.service(Workplace.mail("From: alice@example.org\n\ntext\n"));
        assertThat(domains.readings()).isZero();

        for (int i = 0; i < 3; i++) {
            mailet.service(Workplace.mail("From: alice@hosted.example\n\ntext\n"));
            mailet.service(Workplace.mail("From: alice@elsewhere.example\n\ntext\n"));
        }
        assertThat(domains.readings()).isEqualTo(1);
    }

    @Test
    void a_domain_list_that_cannot_be_read_is_a_failure_for_a_while() throws Exception {
        domains.failure = "Cassandra is down";
        Mail mail = Workplace.mail("From: alice@hosted.example\n\ntext\n");

        assertThatThrownBy(() -> mailet("reject_error", "yes").service(mail))
                .hasMessageContaining("the domains of this server are not known");
        assertThat(outcome(mail)).isEqualTo("failed");
        Mail own = Workplace.mail("From: alice@example.org\n" + FOREIGN_SIGNATURE + EIGHT_BIT);
        mailet().service(own);
        assertThat(outcome(own)).isEqualTo("signed");
        assertThat(Workplace.sent(own)).endsWith(BODY);
    }

    @ParameterizedTest(name = "convert_to_7bit {0}, d={1}: {2}")
    @CsvSource({
        "'',  '',                 converted",
        "'',  example.org,        converted",
        "'',  mx.EXAMPLE.org,     converted",
        "'',  hosted.example,     converted",
        "'',  elsewhere.example,  kept",
        "yes, elsewhere.example,  converted",
        "no,  elsewhere.example,  kept",
        "no,  '',                 kept"
    })
    void a_foreign_signature_keeps_its_body(String option, String domain, String expected) throws Exception {
        String signature = domain.isEmpty() ? "" : FOREIGN_SIGNATURE.replace("elsewhere.example", domain);
        for (String authors : List.of("own", "all")) {
            Mail mail = Workplace.mail("From: alice@example.org\n" + signature + EIGHT_BIT);
            SignWithSenderMap mailet = option.isEmpty()
                    ? mailet("sign_authors", authors)
                    : mailet("sign_authors", authors, "convert_to_7bit", option);
            mailet.service(mail);

            assertThat(place.verdict(mail)).isEqualTo("pass");
            assertThat(Workplace.sent(mail)).endsWith(expected.equals("kept") ? BODY : CONVERTED_BODY);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "v=1; an older one                                                             | converted",
                "a=rsa-sha256; d=elsewhere.example; s=x; h=from; bh=YQ==; b=YQ==               | converted",
                "v=1; a=rsa-sha256; d=; s=x; h=from; bh=YQ==; b=YQ==                           | converted",
                "v=1; a=rsa-sha256; d=elsewhere.example; s=x; h=from; bh=YQ==                  | converted",
                "v=1;a=rsa-sha256;b=YQ==;bh=YQ==;d=elsewhere.example;h=from;s=x                | kept",
                "v = 1 ; a = rsa-sha256;\\n\\tb = YQ== ; bh=YQ==; d =\\n elsewhere.example; h=from; s=x; | kept",
                "v=1; a=rsa-sha256; d=-; s=x; h=from; bh=YQ==; b=YQ==                          | converted",
            })
    void a_signature_counts_that_has_all_its_tags(String tags, String expected) throws Exception {
        Mail mail = Workplace.mail(
                "From: alice@example.org\nDKIM-Signature: " + tags.translateEscapes() + "\n" + EIGHT_BIT);
        mailet().service(mail);

        assertThat(Workplace.sent(mail)).endsWith(expected.equals("kept") ? BODY : CONVERTED_BODY);
    }

    @Test
    void one_foreign_signature_among_own_ones_is_enough() throws Exception {
        String own = FOREIGN_SIGNATURE.replace("elsewhere.example", "example.org");
        Mail mail = Workplace.mail("From: alice@example.org\n" + own + FOREIGN_SIGNATURE + own + EIGHT_BIT);
        mailet().service(mail);

        assertThat(Workplace.sent(mail)).endsWith(BODY);
    }
}
