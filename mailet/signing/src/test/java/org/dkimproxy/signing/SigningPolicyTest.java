package org.dkimproxy.signing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.dkimproxy.signing.SigningOutcome.Cause;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which signatures a message gets, by the whole way through the signer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SigningPolicyTest {
    private static final String KEYS = "keyfile=ed.pem\nselector=mail\n";

    private Workbench bench;

    @BeforeAll
    void fill(@TempDir Path folder) {
        bench = new Workbench(folder)
                .write("sender.map", """
                        # the longest match wins
                        boss@example.org     dkim(s=boss,t=off)
                        example.org          dkim(s=org,t=off)
                        sub.example.org      dkim(s=sub,t=off)
                        silent.example.org\s
                        nobody@example.org\s
                        \u00e4.example       dkim(s=uml,t=off)
                        [192.0.2.1]          dkim(s=lit,d=example.org,t=off)
                        """)
                .write("all.map", "example.org \n. dkim(s=all,t=off)\n")
                .write("list.map", """
                        news.lists.example dkim(s=news,t=off)
                        lists.example      dkim(s=lists,t=off)
                        quiet.example\s
                        two.example        dkim(s=two,t=off)
                        """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "joe@example.org              | s=org d=example.org",
                "Joe@EXAMPLE.org              | s=org d=example.org",
                "boss@example.org             | s=boss d=example.org",
                "BOSS+tag@example.org         | s=boss d=example.org",
                "\"boss\"@example.org         | s=boss d=example.org",
                "\"boss+a b\"@example.org     | s=boss d=example.org",
                "boss@sub.example.org         | s=sub d=sub.example.org",
                "joe@a.b.sub.example.org      | s=sub d=sub.example.org",
                "joe@a.silent.example.org     | skipped: the rule for silent.example.org asks for no signature",
                "nobody+x@example.org         | skipped: the rule for nobody@example.org asks for no signature",
                "joe@example.net              | skipped: no rule matches joe@example.net",
                "joe@org                      | skipped: no rule matches joe@org",
                "joe@badexample.org           | skipped: no rule matches joe@badexample.org",
                "joe@\u00e4.example           | s=uml d=xn--4ca.example",
                "joe@XN--4CA.example          | s=uml d=xn--4ca.example",
                "joe@[192.0.2.1]              | s=lit d=example.org",
                "joe@[192.0.2.2]              | skipped: no rule matches joe@[192.0.2.2]",
                "joe@example.org.             | skipped: no rule matches joe@example.org.",
                "joe@stra\u00dfe.example      | skipped: no rule matches joe@stra\u00dfe.example",
                "joe@stra\u00dfe.example.org  | s=org d=example.org",
            })
    void the_sender_map_by_address_then_domain_then_parents(String from, String expected) {
        assertThat(sign("sender_map=sender.map\n", from, "")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "joe@example.net    | s=all d=example.net",
                "joe@\u00e4.example | s=all d=xn--4ca.example",
                "joe@stra\u00dfe.example | PERMANENT: d= is not a host name: stra\u00dfe.example",
                "joe@example.org    | skipped: the rule for example.org asks for no signature",
                "joe@[192.0.2.1]    | PERMANENT: d= is not a host name: [192.0.2.1]",
            })
    void a_catch_all_signs_for_the_originators_own_domain(String from, String expected) {
        assertThat(sign("sender_map=all.map\n", from, "")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "News <news.lists.example>     | s=news d=lists.example",
                "<NEWS.lists.example>          | s=news d=lists.example",
                "<other.lists.example>         | s=lists d=lists.example",
                "<a.quiet.example>             | skipped: the rule for quiet.example asks for no signature",
                "<two.example>                 | s=two d=two.example",
                "<elsewhere.example>           | s=org d=example.org",
                "news.lists.example            | s=org d=example.org",
            })
    void the_list_id_map_before_the_sender_map_before_the_domains(String listId, String expected) {
        String conf = "listid_map=list.map\nsender_map=sender.map\ndomain=late.example\nsignature=dkim(s=late,t=off)\n";
        assertThat(sign(conf, "joe@example.org", "List-Id: " + listId + "\n")).isEqualTo(expected);
        assertThat(sign(conf, "joe@example.net", "List-Id: x\n")).isEqualTo("s=late d=late.example");
    }

    @Test
    void one_domain_signs_every_message() {
        String conf = "domain=example.org\nsignature=dkim(t=off)\n";
        for (String from : List.of("joe@example.org", "joe@sub.example.org", "joe@other.example", "joe@[192.0.2.1]")) {
            assertThat(sign(conf, from, "")).as(from).isEqualTo("s=mail d=example.org");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "joe@example.org         | s=mail d=example.org",
                "joe@x.example.org       | s=mail d=example.org",
                "joe@sub.example.org     | s=mail d=sub.example.org",
                "joe@x.sub.example.org   | s=mail d=sub.example.org",
                "joe@xsub.example.org    | s=mail d=example.org",
                "joe@\u00e4.example      | s=mail d=xn--4ca.example",
                "joe@other.example       | skipped: no rule matches joe@other.example",
            })
    void several_domains_sign_for_their_own_the_nearest_first(String from, String expected) {
        String conf = "domain=example.org, sub.example.org \u00e4.example\nsignature=dkim(t=off)\n";
        assertThat(sign(conf, from, "")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "dkim(d=$senderdomain)               | joe@sub.example.org | s=mail d=sub.example.org",
                "dkim(d=$keydomain)                  | joe@sub.example.org | s=mail d=example.org",
                "dkim(d=m.$senderdomain)             | joe@example.org     | s=mail d=m.example.org",
                "dkim(i=$sender)                     | Joe@Sub.Example.org | s=mail i=Joe@sub.example.org d=example.org",
                "dkim(i=@$senderdomain)              | joe@sub.example.org | s=mail i=@sub.example.org d=example.org",
                "dkim(i=$$x@$key)                    | joe@sub.example.org | s=mail i=$x@example.org d=example.org",
                "dkim(i=bounce@example.org)          | joe@example.org     | s=mail i=bounce@example.org d=example.org",
                "dkim(i=$sender)                     | \"a;b \"@example.org | s=mail i=\"a=3Bb=20\"@example.org d=example.org",
                "dkim(i=$sender)                     | \"$key\"@example.org | s=mail i=$key@example.org d=example.org",
                "dkim(i=$sender)                     | joe@other.example   | PERMANENT: i= is not an address in"
                        + " d=example.org: joe@other.example",
                "dkim(d=other.example,i=$sender)     | joe@example.org     | PERMANENT: i= is not an address in"
                        + " d=other.example: joe@example.org",
                "dkim(d=x.$senderdomain)             | joe@[192.0.2.1]     | PERMANENT: d= is not a host name:"
                        + " x.[192.0.2.1]",
                "dkim(d=$sender)                     | joe@example.org     | PERMANENT: d= is not a host name:"
                        + " joe@example.org",
            })
    void macros_in_d_and_i(String signature, String from, String expected) {
        String conf = "domain=example.org\nsignature=" + signature.replace(")", ",t=off)") + "\n";
        assertThat(sign(conf, from, "")).isEqualTo(expected);
    }

    @Test
    void an_identity_that_is_only_too_long_is_told_as_such() {
        String local = "x".repeat(500);
        assertThat(sign("domain=example.org\nsignature=dkim(i=$sender)\n", local + "@example.org", ""))
                .startsWith("PERMANENT: i= is too long: xxx")
                .hasSizeLessThan(400);
    }

    @Test
    void the_option_identity_fills_what_a_signature_leaves_open() {
        String conf = "domain=example.org\nidentity=$sender\nsignature=dkim(t=off),dkim(t=off,i=@example.org)\n";
        assertThat(sign(conf, "joe@example.org", ""))
                .isEqualTo("s=mail i=joe@example.org d=example.org + s=mail i=@example.org d=example.org");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "joe@example.org       | 2",
                "joe@sub.example.org   | 2",
                "joe@other.example     | 1",
                "joe@badexample.org    | 1",
            })
    void domainkeys_only_for_the_originators_own_domain(String from, int fields) {
        DkimSigner signer =
                bench.signer("domain=example.org\nkeyfile=rsa.pem\nselector=mail\nsignature=dkim,domainkeys\n");
        SigningOutcome outcome = Workbench.sign(signer, "From: " + from + "\n\nbody\n");
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        SigningOutcome.Signed.class,
                        signed -> assertThat(signed.fields()).hasSize(fields));
    }

    @Test
    void domainkeys_alone_for_another_domain_is_skipped() {
        DkimSigner signer = bench.signer("domain=example.org\nkeyfile=rsa.pem\nselector=mail\nsignature=domainkeys\n");
        assertThat(Workbench.shown(Workbench.sign(signer, "From: joe@other.example\n\nbody\n")))
                .isEqualTo("skipped: DomainKeys signs only for the originator's own domain (RFC 4870 section 3.2.3)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sender_map=sender.map                   | joe@example.net        | NO_RULE",
                "sender_map=sender.map                   | joe@silent.example.org | RULE_WITHOUT_SIGNATURE",
                "domain=example.org;signature=domainkeys | joe@other.example      | FOREIGN_DOMAINKEYS",
            })
    void the_cause_of_a_skipped_message_is_told_apart_from_its_text(String conf, String from, Cause cause) {
        DkimSigner signer = bench.signer(conf.replace(';', '\n') + "\nkeyfile=rsa.pem\nselector=mail\n");
        assertThat(Workbench.sign(signer, "From: " + from + "\n\nbody\n"))
                .isInstanceOfSatisfying(
                        SigningOutcome.Skipped.class,
                        skipped -> assertThat(skipped.cause()).isEqualTo(cause));
    }

    @Test
    void sender_decides_before_from() {
        assertThat(sign("sender_map=sender.map\n", "joe@example.net", "Sender: boss@example.org\n"))
                .isEqualTo("s=boss d=example.org");
    }

    @Test
    void a_reason_holds_nothing_that_would_turn_a_log_line_and_is_short() {
        String csi = new String("\u009b31m\u0085\u202e".getBytes(UTF_8), ISO_8859_1);
        SigningOutcome nasty = Workbench.sign(
                bench.signer("sender_map=sender.map\n" + KEYS), "From: \"" + csi + "\"@other.example\n\n");
        assertThat(Workbench.shown(nasty)).isEqualTo("skipped: no rule matches ?31m??@other.example");
        SigningOutcome longest = Workbench.sign(
                bench.signer("sender_map=sender.map\n" + KEYS), "From: " + "x".repeat(100_000) + "@other.example\n\n");
        assertThat(Workbench.shown(longest)).hasSizeLessThan(400);
    }

    /** The tags s, i and d of what was made, or why nothing was. */
    private String sign(String conf, String from, String fields) {
        byte[] message = ("From: " + from + "\n" + fields + "Subject: x\n\nbody\n")
                .replace("\n", "\r\n")
                .getBytes(UTF_8);
        SigningOutcome outcome = bench.signer(conf + KEYS).sign(message);
        return outcome instanceof SigningOutcome.Signed signed
                ? signed.fields().stream()
                        .map(field -> "s=" + field.selector() + identity(field) + " d=" + field.domain())
                        .collect(java.util.stream.Collectors.joining(" + "))
                : Workbench.shown(outcome);
    }

    private static String identity(SignatureField field) {
        String text = field.text().replace("\r\n\t", "");
        int begin = text.indexOf("; i=");
        return begin < 0 ? "" : " i=" + text.substring(begin + 4, text.indexOf(';', begin + 4));
    }
}
