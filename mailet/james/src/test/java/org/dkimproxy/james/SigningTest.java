package org.dkimproxy.james;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javax.management.ObjectName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;
import org.apache.mailet.base.Converter7Bit;
import org.apache.mailet.base.test.FakeMail;
import org.apache.mailet.base.test.FakeMailContext;
import org.dkimproxy.signing.log.CapturingLogProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of mails; James's own mail and message classes unless FakeMail is named. */
@Timeout(120)
class SigningTest {
    private static final int MAILS = 400;
    private static final String SETTLED = """
            Received: from a by b; Mon, 1 Jan 2024 00:00:00 +0000
            Date: Mon, 1 Jan 2024 00:00:00 +0000
            Message-ID: <1@example.org>
            MIME-Version: 1.0
            From: Alice <alice@example.org>
            To: bob@example.net,
            \t carol@example.net
            Subject:  odd   blanks\s
            DKIM-Signature: v=1; an older one

            text

            """;

    @TempDir
    Path folder;

    private Workplace place;

    @BeforeEach
    void conf() {
        place = new Workplace(folder).write("conf/sender_map", """
                        example.org         dkim(c=relaxed/relaxed,s=s1,key=file://conf/rsa.pem)
                        simple.example.org  dkim(c=simple/simple,s=s1,key=file://conf/rsa.pem)
                        two.example.org     dkim(s=e1,key=file://conf/ed.pem),domainkeys(s=s1,key=file://conf/rsa.pem)
                        """);
    }

    private SignWithSenderMap mailet(String... more) throws MessagingException {
        String[] all = new String[more.length + 2];
        all[0] = "sender_map";
        all[1] = "file://conf/sender_map";
        System.arraycopy(more, 0, all, 2, more.length);
        return place.mailet(all);
    }

    private Mail signed(String message, String... parameters) throws MessagingException {
        Mail mail = Workplace.mail(message);
        mailet(parameters).service(mail);
        return mail;
    }

    @Test
    void the_signature_stands_on_top_and_nothing_else_changes() throws Exception {
        Mail mail = signed(SETTLED);

        assertThat(Workplace.sent(mail))
                .startsWith("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org;")
                .endsWith("\n" + SETTLED);
        assertThat(place.verdict(mail)).isEqualTo("pass");
    }

    @Test
    void signatures_stand_in_the_order_of_the_map() throws Exception {
        String sent = Workplace.sent(signed(SETTLED.replace("alice@", "alice@two.")));

        assertThat(sent.indexOf("DKIM-Signature: v=1; a=ed25519-sha256")).isZero();
        assertThat(sent).contains("\nDomainKey-Signature: a=rsa-sha1; c=nofws; d=two.example.org;");
        assertThat(sent.indexOf("DomainKey-Signature")).isLessThan(sent.indexOf("Received:"));
    }

    /** James 3.8 writes MIME-Version anew on top of the header when the next hop has no 8BITMIME. */
    @Test
    void domainkeys_leaves_out_the_field_that_james_may_move_above_it() throws Exception {
        String sent =
                Workplace.sent(signed(SETTLED.replace("alice@", "alice@two."))).replace("\n\t", "");

        String domainKeys = sent.lines()
                .filter(line -> line.startsWith("DomainKey-Signature"))
                .findFirst()
                .orElseThrow();
        assertThat(domainKeys).contains("h=date:message-id:from:to:subject;");
        assertThat(sent).containsPattern("DKIM-Signature:.*h=[^;]*:mime-version");
    }

    /** As RemoteDelivery does when the next hop has no 8BITMIME, as it does for a DSN, and as a queue on disk does. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "From: alice@simple.example.org\n\ntext\n",
                "From: alice@simple.example.org\nMime-Version: 1.0 (made by hand)\n\ntext\n",
                """
                From: alice@simple.example.org
                MIME-Version: 1.0
                MIME-Version:1.0
                Content-Transfer-Encoding: 8bit

                gr\u00FC\u00DFe
                """,
                """
                From: alice@simple.example.org
                Content-Type: multipart/mixed; boundary=b
                Content-Transfer-Encoding: 8bit

                --b

                gr\u00FC\u00DFe
                --b--
                """,
                "From: alice@simple.example.org\nContent-Type: text/plain; charset=iso-8859-1\n\ngr\u00FC\u00DFe\r.\n",
                "From: alice@simple.example.org\n",
                "From: alice@simple.example.org\n\n"
            })
    void nothing_that_james_does_later_breaks_it(String message) throws Exception {
        Mail mail = signed(message);
        String sent = Workplace.sent(mail);
        assertThat(place.verdict(mail)).as(sent).isEqualTo("pass");

        new Converter7Bit(FakeMailContext.defaultContext()).convertTo7Bit(mail.getMessage());
        assertThat(Workplace.sent(mail)).isEqualTo(sent);

        mail.setMessage(new MimeMessage(mail.getMessage()));
        assertThat(Workplace.sent(mail)).isEqualTo(sent);

        mail.getMessage().saveChanges();
        assertThat(Workplace.sent(mail)).isEqualTo(sent);

        mail.getMessage().addHeader("X-Later", "by another mailet");
        assertThat(place.verdict(mail)).isEqualTo("pass");
    }

    /** What James 3.9 leaves alone; an author's own signature may cover it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Mime-Version: 1.0 (Mac OS X Mail 16.0 \\(3696\\))",
                "MIME-Version : 1.0",
                "mime-version:\n\t1.0",
                "MIME-Version: 1.0 \nMIME-Version:1.0"
            })
    void a_mime_version_that_james_keeps_stays_octet_for_octet(String field) throws Exception {
        String message = SETTLED.replace("MIME-Version: 1.0", field).replace("alice@", "alice@simple.");
        Mail mail = signed(message);
        assertThat(Workplace.sent(mail)).endsWith("\n" + message);

        new Converter7Bit(FakeMailContext.defaultContext()).convertTo7Bit(mail.getMessage());
        assertThat(Workplace.sent(mail)).endsWith("\n" + message);
        assertThat(place.verdict(mail)).isEqualTo("pass");
    }

    /** As James 3.8 does, and a message class that is not James's. */
    @ParameterizedTest
    @ValueSource(strings = {"Mime-Version: 1.0 (by hand)", "MIME-Version : 1.0", "MIME-Version: (x) 1.0"})
    void a_mime_version_that_would_be_rewritten_is_so_before_it_is_signed(String field) throws Exception {
        FakeMail mail = FakeMail.from(Workplace.plain(SETTLED.replace("MIME-Version: 1.0", field)));
        mailet().service(mail);

        assertThat(Workplace.sent(mail)).endsWith("\n" + SETTLED);
    }

    @Test
    void what_james_would_add_is_there_and_signed() throws Exception {
        String sent = Workplace.sent(signed("From: alice@example.org\nSubject: x\n\ntext\n"));

        assertThat(sent).containsPattern("""
                        \nFrom: alice@example.org
                        Subject: x
                        MIME-Version: 1.0
                        Date: (Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d+ [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d \\+0000
                        Message-ID: <[0-9a-f-]{36}@mx.example>

                        text
                        $""");
        assertThat(sent.replace("\n\t", "")).containsPattern("h=[^;]*:date:message-id");
    }

    @Test
    void parts_are_converted_unless_told_not_to() throws Exception {
        String message = SETTLED.replace("text", "gr\u00FC\u00DFe an alle");

        assertThat(Workplace.sent(signed(message)))
                .contains("Content-Transfer-Encoding: quoted-printable\n\ngr=FC=DFe an alle\n");
        Mail unconverted = signed(message, "convert_to_7bit", "no");
        assertThat(Workplace.sent(unconverted)).endsWith("\n" + message);
        assertThat(place.verdict(unconverted)).isEqualTo("pass");
    }

    @Test
    void what_cannot_be_converted_is_signed_with_a_warning() throws Exception {
        String body = "Content-Type: multipart/signed; boundary=b\n\n--b\n\ngr\u00FC\u00DFe\n--b--\n";
        Mail mail = signed("From: alice@example.org\n" + body);

        assertThat(Workplace.sent(mail)).endsWith(body.substring(body.indexOf("\n\n")));
        assertThat(place.verdict(mail)).isEqualTo("pass");
        assertThat(CapturingLogProvider.linesWith("left as it is: a multipart/signed part"))
                .first()
                .asString()
                .startsWith("WARN mail mail-1: signed, but not all of it could be made 7-bit data");
    }

    @Test
    void the_outcome_is_told_to_later_matchers_and_counted() throws Exception {
        SignWithSenderMap mailet = mailet();
        Mail signed = Workplace.mail(SETTLED);
        Mail skipped = Workplace.mail("From: x@elsewhere.example\n\ntext\n");
        Mail failed = Workplace.mail("Sender: alice@example.org\nSubject: no author\n\ntext\n");

        for (Mail mail : List.of(signed, skipped, failed, failed)) {
            mailet.service(mail);
        }

        assertThat(outcome(signed)).isEqualTo("signed");
        assertThat(outcome(skipped)).isEqualTo("skipped");
        assertThat(outcome(failed)).isEqualTo("failed");
        assertThat(place.metrics.countFor("dkimproxy.signed")).isEqualTo(1);
        assertThat(place.metrics.countFor("dkimproxy.skipped")).isEqualTo(1);
        assertThat(place.metrics.countFor("dkimproxy.failed")).isEqualTo(1);
        assertThat(CapturingLogProvider.linesWith("message-id=<1@example.org>, signer=<@example.org>"))
                .contains("INFO DKIM signing - signed; message-id=<1@example.org>, signer=<@example.org>,"
                        + " from=<alice@example.org>, mail=mail-1");
        assertThat(CapturingLogProvider.linesWith("from=<x@elsewhere.example>"))
                .contains(
                        "INFO DKIM signing - skipped; from=<x@elsewhere.example>, mail=mail-1",
                        "INFO unsigned: no rule matches x@elsewhere.example; from=<x@elsewhere.example>, mail=mail-1");
        assertThat(CapturingLogProvider.linesWith("message leaves unsigned; "))
                .contains("WARN signing error: no From field (RFC 6376 section 5.4), message leaves unsigned;"
                        + " sender=<alice@example.org>, mail=mail-1");
    }

    @Test
    void a_mail_that_several_mailets_process_counts_once_by_what_was_done_most() throws Exception {
        SignWithSenderMap first = mailet();
        SignWithSenderMap second =
                place.mailet("domain", "elsewhere.example", "selector", "s", "keyfile", "file://conf/rsa.pem");
        Mail ofFirst = Workplace.mail(SETTLED);
        Mail ofSecond = Workplace.mail(SETTLED.replace("alice@example.org", "x@elsewhere.example"));
        Mail ofNone = Workplace.mail("Sender: x@elsewhere.example\nSubject: no author\n\ntext\n");
        SignWithSenderMap third = place.mailet("sender_map", "file://conf/sender_map");
        for (Mail mail : List.of(ofFirst, ofSecond, ofNone)) {
            for (SignWithSenderMap mailet : List.of(first, second, third)) {
                mailet.service(mail);
            }
        }

        assertThat(List.of(outcome(ofFirst), outcome(ofSecond), outcome(ofNone)))
                .containsExactly("signed", "signed", "failed");
        assertThat(place.metrics.countFor("dkimproxy.signed")).isEqualTo(2);
        assertThat(place.metrics.countFor("dkimproxy.failed")).isEqualTo(1);
        assertThat(place.metrics.countFor("dkimproxy.skipped")).isZero();
    }

    /** As {@code onMailetException=propagate} has it: six times, each time from the queue. */
    @Test
    void a_mail_that_fails_again_and_again_counts_once() throws Exception {
        SignWithSenderMap mailet = mailet();
        for (int i = 0; i < 6; i++) {
            mailet.service(Workplace.mail("Sender: alice@example.org\nSubject: no author\n\ntext\n"));
        }

        assertThat(place.metrics.countFor("dkimproxy.failed")).isEqualTo(1);
    }

    @Test
    void a_report_that_cannot_be_signed_is_never_rejected() throws Exception {
        Mail report = Workplace.bounce("Sender: alice@example.org\nSubject: no author\n\ntext\n");
        mailet("reject_error", "yes").service(report);

        assertThat(outcome(report)).isEqualTo("failed");
    }

    @Test
    void the_log_says_that_a_mail_leaves_unsigned_where_james_ignores_the_exception() throws Exception {
        String message = "Sender: alice@example.org\nSubject: ignored\n\ntext\n";
        for (String onException : List.of("ignore", "error")) {
            SignWithSenderMap mailet = mailet("reject_error", "yes", "onMailetException", onException);
            assertThatThrownBy(() -> mailet.service(Workplace.mail(message))).isInstanceOf(MessagingException.class);
        }

        assertThat(CapturingLogProvider.linesWith("signing error: no From field"))
                .anyMatch(line -> line.contains(", message leaves unsigned; "))
                .anyMatch(line -> line.contains(", mail rejected; "));
    }

    @ParameterizedTest
    @CsvSource({"yes", "no"})
    void a_mail_that_is_not_signed_stays_as_it_was(String rejectError) throws Exception {
        for (String message : List.of(
                "From: x@elsewhere.example\nContent-Transfer-Encoding: 8bit\n\ngr\u00FC\u00DFe\n",
                "From: alice@example.org\nFrom: mallory@example.org\n\ntext\n")) {
            Mail mail = Workplace.mail(message);
            MimeMessage before = mail.getMessage();

            try {
                mailet("reject_error", rejectError).service(mail);
            } catch (MessagingException rejected) {
                assertThat(rejectError).isEqualTo("yes");
            }

            assertThat(mail.getMessage()).isSameAs(before);
            assertThat(Workplace.sent(mail)).isEqualTo(message);
        }
    }

    @Test
    void reject_error_throws_with_the_reason() throws Exception {
        Mail mail = Workplace.mail("Sender: alice@example.org\nSubject: no author\n\ntext\n");

        assertThatThrownBy(() -> mailet("reject_error", "yes").service(mail))
                .isInstanceOf(MessagingException.class)
                .hasMessage("DKIM signing of mail-1 failed: no From field (RFC 6376 section 5.4)");
        assertThat(outcome(mail)).isEqualTo("failed");
        mailet().service(mail);
    }

    @Test
    void skipped_mails_pass_whatever_reject_error_says() throws Exception {
        mailet("reject_error", "yes").service(Workplace.mail("From: x@elsewhere.example\n\ntext\n"));
    }

    @Test
    void a_message_that_cannot_be_read_is_a_failure_like_any_other() throws Exception {
        MimeMessage unreadable = new MimeMessage(Session.getInstance(new Properties())) {
            @Override
            public void writeTo(OutputStream out) throws IOException {
                throw new IOException("disk on fire");
            }
        };
        unreadable.setHeader("From", "alice@example.org");
        Mail broken = FakeMail.builder()
                .name("broken")
                .sender("alice@example.org")
                .mimeMessage(unreadable)
                .build();
        mailet().service(broken);
        assertThat(outcome(broken)).isEqualTo("failed");
        assertThatThrownBy(() -> mailet("reject_error", "yes").service(broken)).hasMessageContaining("disk on fire");

        Mail empty = FakeMail.builder().name("empty").build();
        mailet().service(empty);
        assertThat(outcome(empty)).isEqualTo("failed");
    }

    @Test
    void a_mail_that_no_rule_signs_is_not_read_beyond_its_header() throws Exception {
        MimeMessage unreadable = new MimeMessage(Session.getInstance(new Properties())) {
            @Override
            public void writeTo(OutputStream out) throws IOException {
                throw new IOException("disk on fire");
            }
        };
        unreadable.setHeader("From", "x@elsewhere.example");
        Mail mail = FakeMail.from(unreadable);
        mailet().service(mail);

        assertThat(outcome(mail)).isEqualTo("skipped");
    }

    /** As a message of James 3.8 with a Content-Type that JavaMail cannot parse, after RemoveMimeHeader. */
    @Test
    void a_message_that_can_be_written_at_the_second_attempt_is_signed() throws Exception {
        AtomicBoolean updated = new AtomicBoolean();
        MimeMessage message = new MimeMessage(Workplace.plain(SETTLED)) {
            @Override
            public void writeTo(OutputStream out) throws IOException, MessagingException {
                if (!updated.getAndSet(true)) {
                    out.write('x');
                    throw new MessagingException("In parameter list <; name=my file.txt>, expected ;");
                }
                super.writeTo(out);
            }
        };
        Mail mail = FakeMail.from(message);
        mailet().service(mail);

        assertThat(outcome(mail)).isEqualTo("signed");
        assertThat(Workplace.sent(mail)).endsWith("\n" + SETTLED);
        assertThat(place.verdict(mail)).isEqualTo("pass");
    }

    @Test
    void a_failure_names_the_message_and_its_author() throws Exception {
        MimeMessage message = new MimeMessage(Workplace.plain(SETTLED)) {
            @Override
            public void writeTo(OutputStream out) throws MessagingException {
                throw new MessagingException("never");
            }
        };
        Mail mail = FakeMail.from(message);
        mailet().service(mail);

        assertThat(outcome(mail)).isEqualTo("failed");
        assertThat(CapturingLogProvider.linesWith("never"))
                .anyMatch(line -> line.contains("message-id=<1@example.org>, from=<alice@example.org>"));
    }

    @Test
    void a_large_message_that_needs_no_change_is_held_once() throws Exception {
        SignWithSenderMap mailet = mailet();
        mailet.service(Workplace.mail(SETTLED));
        int size = 40_000_000;
        Mail mail = Workplace.mail(SETTLED.replace("text\n", "0123456789 and so on, line by line\n".repeat(size / 36)));

        long before = allocatedByThisThread();
        mailet.service(mail);
        long allocated = allocatedByThisThread() - before;

        assertThat(outcome(mail)).isEqualTo("signed");
        assertThat(allocated).isLessThan(size * 3L / 2);
    }

    @Test
    void a_fault_in_the_message_class_is_a_failure_too() throws Exception {
        MimeMessage faulty = new MimeMessage(Session.getInstance(new Properties())) {
            @Override
            public void writeTo(OutputStream out) {
                throw new IllegalStateException("fault");
            }
        };
        faulty.setHeader("From", "alice@example.org");
        Mail broken = FakeMail.from(faulty);
        mailet().service(broken);
        assertThat(outcome(broken)).isEqualTo("failed");
    }

    @Test
    void fake_mail_of_the_test_kit_is_signed_alike() throws Exception {
        FakeMail mail = FakeMail.from(Workplace.plain(SETTLED));
        mailet().service(mail);

        assertThat(Workplace.sent(mail))
                .startsWith("DKIM-Signature: v=1; a=rsa-sha256;")
                .endsWith("\n" + SETTLED);
    }

    @Test
    void a_bounce_is_signed_by_its_from_field() throws Exception {
        Mail bounce = Workplace.bounce("From: Mailer <postmaster@example.org>\nSubject: failed\n\ntext\n");
        mailet().service(bounce);

        assertThat(place.verdict(bounce)).isEqualTo("pass");
    }

    @Test
    void large_messages_are_not_held_as_text() throws Exception {
        String body = "0123456789 and so on, line by line\n".repeat(150_000);
        Mail mail = signed(SETTLED.replace("text\n", body));

        assertThat(place.verdict(mail)).isEqualTo("pass");
        assertThat(Workplace.sent(mail).getBytes(ISO_8859_1)).hasSizeGreaterThan(5_000_000);
    }

    @Test
    void sixteen_threads_do_not_disturb_each_other() throws Exception {
        SignWithSenderMap mailet = mailet();
        List<Callable<Mail>> work = IntStream.range(0, MAILS)
                .<Callable<Mail>>mapToObj(i -> () -> {
                    Mail mail =
                            Workplace.mail(SETTLED.replace("<1@", "<" + i + "@").replace("text", "text " + i));
                    mailet.service(mail);
                    return mail;
                })
                .toList();

        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<Future<Mail>> mails = threads.invokeAll(work);
            for (int i = 0; i < mails.size(); i++) {
                Mail mail = mails.get(i).get();
                assertThat(Workplace.sent(mail)).contains("\nMessage-ID: <" + i + "@", "\ntext " + i + "\n");
                assertThat(place.verdict(mail)).isEqualTo("pass");
            }
        }
        assertThat(place.metrics.countFor("dkimproxy.signed")).isEqualTo(MAILS);
    }

    @Test
    void a_key_that_disappears_stays_in_use() throws Exception {
        SignWithSenderMap mailet = mailet();
        Files.delete(place.path("conf/rsa.pem"));
        Mail mail = Workplace.mail(SETTLED);
        mailet.service(mail);

        assertThat(place.verdict(mail)).isEqualTo("pass");
    }

    private static long allocatedByThisThread() throws Exception {
        return (long) ManagementFactory.getPlatformMBeanServer()
                .getAttribute(new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME), "CurrentThreadAllocatedBytes");
    }

    private static String outcome(Mail mail) {
        return AttributeUtils.getValueAndCastFromMail(mail, OutcomeCounters.OUTCOME, String.class)
                .orElse("none");
    }
}
