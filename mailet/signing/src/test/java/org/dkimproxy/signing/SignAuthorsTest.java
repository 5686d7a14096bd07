package org.dkimproxy.signing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.dkimproxy.signing.SigningOutcome.Cause;
import org.dkimproxy.signing.SigningOutcome.Kind;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose mail a signer for own authors signs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignAuthorsTest {
    private static final HostDomains HOSTED = () -> Set.of("hosted.example", "xn--4ca.example", "localhost");
    private static final HostDomains DOWN = () -> {
        throw new IOException("down");
    };

    private Workbench bench;

    @BeforeAll
    void fill(@TempDir Path folder) {
        bench = new Workbench(folder)
                .write("everyone.map", ". dkim(d=$senderdomain)\n")
                .write("fixed.map", ". dkim(d=example.org)\n")
                .write("domains.map", """
                        example.org         dkim
                        silent.example.org\s
                        client.example      dkim(d=provider.example)
                        .                   dkim(d=$senderdomain)
                        """)
                .write("addresses.map", """
                        news@example.org    dkim
                        bob@mail.example    dkim(d=example.net)
                        .                   dkim(d=$senderdomain)
                        """)
                .write("list.map", """
                        news.lists.example  dkim
                        quiet.example\s
                        """);
    }

    @ParameterizedTest(name = "{0}: {1} is {2}")
    @CsvSource({
        // the one-key sample
        "domain=example.org,        a@example.org,          own",
        "domain=example.org,        a@EXAMPLE.org,          own",
        "domain=example.org,        a@sub.example.org,      own",
        "domain=example.org,        a@badexample.org,       foreign",
        "domain=example.org,        a@org,                  foreign",
        "domain=example.org,        a@elsewhere.example,    foreign",
        "domain=example.org,        a@[192.0.2.1],          foreign",
        "domain=example.org,        a@stra\u00dfe.example,  foreign",
        "domain=example.org,        a@-.example.org,        own",
        // what the server is for
        "domain=example.org,        a@hosted.example,       own",
        "domain=example.org,        a@m.hosted.example,     own",
        "domain=example.org,        a@\u00e4.example,       own",
        "domain=example.org,        root@localhost,         own",
        "sender_map=everyone.map,   a@hosted.example,       own",
        "sender_map=everyone.map,   a@elsewhere.example,    foreign",
        // a constant d=, and one that is any sender's
        "sender_map=fixed.map,      a@sub.example.org,      own",
        "sender_map=fixed.map,      a@elsewhere.example,    foreign",
        "signature=dkim(d=example.org),    a@example.org,   own",
        "signature=dkim(d=example.org),    a@example.net,   foreign",
        "signature=dkim(d=$senderdomain),  a@example.net,   foreign",
        "signature=dkim(d=$senderdomain),  a@hosted.example, own",
        // the keys of a map
        "sender_map=domains.map,    a@example.org,          own",
        "sender_map=domains.map,    a@x.example.org,        own",
        "sender_map=domains.map,    a@client.example,       own",
        "sender_map=domains.map,    a@provider.example,     own",
        "sender_map=domains.map,    a@elsewhere.example,    foreign",
        "sender_map=addresses.map,  news@example.org,       own",
        "sender_map=addresses.map,  a@example.org,          own",
        "sender_map=addresses.map,  bob@mail.example,       own",
        "sender_map=addresses.map,  bob+x@mail.example,     own",
        "sender_map=addresses.map,  ann@mail.example,       foreign",
        "sender_map=addresses.map,  ann@example.net,        own",
        // no address, and several domains
        "domain=example.org,        root,                   unknown",
        "domain=example.org,        'a@example.org, b@example.net', unknown",
        "domain=example.org,        'a@example.org, b@sub.example.org', own",
    })
    void an_author_is_own_by_a_key_or_by_the_server(String conf, String from, String kind) {
        String outcome = Workbench.shown(own(conf, HOSTED, "From: " + utf8(from) + "\n"));

        String expected = switch (kind) {
            case "own" -> "DKIM-v=1; ";
            case "foreign" ->
                "skipped: foreign author: "
                        + from.substring(from.indexOf('@') + 1)
                        + " is neither a domain of a key nor one of this server (sign_authors own)";
            default -> "skipped: ";
        };
        assertThat(outcome).startsWith(expected).doesNotContain(kind.equals("unknown") ? "foreign" : "PERMANENT");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                // From alone is asked, whichever field decides about the rule
                "Sender: a@example.org\\nFrom: b@elsewhere.example        | FOREIGN_AUTHOR",
                "Sender: a@elsewhere.example\\nFrom: b@example.org        | signed",
                "From: b                                                  | UNKNOWN_ORIGINATOR",
                // what cannot be signed is a failure only where it ought to be
                "Sender: a@example.org\\nSubject: x                       | PERMANENT",
                "Sender: a@elsewhere.example\\nSubject: x                 | UNKNOWN_ORIGINATOR",
                "Subject: x                                               | UNKNOWN_ORIGINATOR",
                "From: a@example.org\\nFrom: b@elsewhere.example          | PERMANENT",
                "From: a@example.net\\nFrom: b@elsewhere.example          | UNKNOWN_ORIGINATOR",
                "broken\\nFrom: a@example.org                             | PERMANENT",
                "broken\\nFrom: a@elsewhere.example                       | FOREIGN_AUTHOR",
                "From: a@elsewhere.example\\nList-Id: <x.lists.example>   | FOREIGN_AUTHOR",
                "From: a@elsewhere.example\\nList-Id: <news.lists.example> | signed",
                "From: a@lists.example                                    | signed",
                "From: a@example.org\\nList-Id: <a.quiet.example>         | RULE_WITHOUT_SIGNATURE",
            })
    void the_author_is_in_from_and_a_list_is_for_whoever_writes_to_it(String header, String expected) {
        SigningOutcome outcome = own(
                "domain=example.org\nlistid_map=list.map\nsignature=dkim", HOSTED, header.translateEscapes() + "\n");

        assertThat(
                        switch (outcome) {
                            case SigningOutcome.Signed signed -> "signed";
                            case SigningOutcome.Skipped skipped ->
                                skipped.cause().name();
                            case SigningOutcome.Failed failed -> failed.kind().name();
                        })
                .isEqualTo(expected);
    }

    @Test
    void a_rule_without_signature_makes_nobody_own() {
        String conf = "sender_map=domains.map\noriginator=sender";
        String header = "Sender: a@example.org\nFrom: b@x.silent.example.org\n";

        assertThat(own(conf, HostDomains.NONE, header))
                .isInstanceOfSatisfying(
                        SigningOutcome.Skipped.class,
                        skipped -> assertThat(skipped.cause()).isEqualTo(Cause.FOREIGN_AUTHOR));
    }

    @Test
    void the_server_is_asked_last_and_fails_only_mail_that_depends_on_it() {
        String conf = "domain=example.org, example.net\nsender_map=everyone.map\nsignature=dkim";
        assertThat(own(conf, DOWN, "From: a@example.org\n")).isInstanceOf(SigningOutcome.Signed.class);
        assertThat(own(conf, DOWN, "From: a@hosted.example\n"))
                .isInstanceOfSatisfying(SigningOutcome.Failed.class, failed -> {
                    assertThat(failed.kind()).isEqualTo(Kind.TEMPORARY);
                    assertThat(failed.reason()).isEqualTo("the domains of this server are not known");
                });
        assertThat(own("domain=example.net,example.org", DOWN, "From: a@elsewhere.example\n"))
                .isInstanceOfSatisfying(
                        SigningOutcome.Skipped.class,
                        skipped -> assertThat(skipped.cause()).isEqualTo(Cause.NO_RULE));
    }

    @Test
    void a_name_of_many_labels_takes_linear_time() throws Exception {
        OwnDomains own = bench.signer("domain=example.org\nselector=mail\nkeyfile=ed.pem\n")
                .ownDomains(HOSTED);
        String labels = "a.".repeat(1_000_000);

        assertThat(own.cover(labels + "example.org")).isTrue();
        assertThat(own.cover(labels + "example.net")).isFalse();
    }

    @Test
    void a_plan_says_the_same_and_reopening_keeps_it() {
        DkimSigner all = bench.signer("domain=example.org\nsignature=dkim\nselector=mail\nkeyfile=ed.pem\n");
        DkimSigner own = all.forAuthorsOf(all.ownDomains(HOSTED));
        DkimSigner again = own.reopened(bench::path).value().orElseThrow();

        assertThat(all.plan("a@elsewhere.example")).isInstanceOf(SigningPlan.Sign.class);
        for (DkimSigner signer : new DkimSigner[] {own, again}) {
            assertThat(signer.plan("a@example.org")).isInstanceOf(SigningPlan.Sign.class);
            assertThat(signer.plan("a@elsewhere.example"))
                    .isInstanceOfSatisfying(
                            SigningPlan.Leave.class,
                            leave -> assertThat(leave.cause()).isEqualTo(Cause.FOREIGN_AUTHOR));
        }
    }

    private SigningOutcome own(String conf, HostDomains ofHost, String header) {
        DkimSigner all = bench.signer(conf + "\nselector=mail\nkeyfile=ed.pem\n");
        return Workbench.sign(all.forAuthorsOf(all.ownDomains(ofHost)), header + "\nbody\n");
    }

    private static String utf8(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }
}
