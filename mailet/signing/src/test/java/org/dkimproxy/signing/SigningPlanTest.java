package org.dkimproxy.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.dkimproxy.sendermap.text.Position;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SigningPlanTest {
    @TempDir
    Path folder;

    private DkimSigner signer;

    @BeforeEach
    void make_a_signer() {
        signer = new Workbench(folder)
                .write("map", """
                        example.org        dkim(s=a),domainkeys(s=b)
                        news@example.org   dkim(s=n,key=ed.pem,i=bulk@example.org,c=simple)
                        off.example.org\s
                        macro.example      dkim(s=m,d=$keydomain,i=$sender)
                        bad.example        dkim(s=x,i=a@$senderdomain,d=elsewhere.example)
                        space.example      dkim(s=sp,i=a$$ b@sub.space.example)
                        three.example      dkim(s=all)
                        .                  dkim(s=all)
                        """)
                .write("lists", "list.example.net  dkim(s=l)\n")
                .signer("""
                        sender_map map
                        listid_map lists
                        keyfile rsa.pem
                        domain one.example,two.example
                        selector d
                        signature dkim
                        """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a@example.org       | sender_map example.org dkim d=example.org s=a rsa-sha256 relaxed - rsa.pem rsa"
                        + " + sender_map example.org domainkeys d=example.org s=b rsa-sha1 nofws - rsa.pem rsa",
                "N <news@example.org>| sender_map news@example.org dkim d=example.org s=n ed25519-sha256 simple"
                        + " bulk@example.org ed.pem ed25519",
                "a@off.example.org   | the rule for off.example.org asks for no signature",
                "a@macro.example     | sender_map macro.example dkim d=macro.example s=m rsa-sha256 relaxed"
                        + " a@macro.example rsa.pem rsa",
                "a@bad.example       | fail: i= is not an address in d=elsewhere.example: a@bad.example",
                "a@other.example     | sender_map . dkim d=other.example s=all rsa-sha256 relaxed - rsa.pem rsa",
                "a@space.example     | sender_map space.example dkim d=space.example s=sp rsa-sha256 relaxed"
                        + " a$=20b@sub.space.example rsa.pem rsa",
                "nobody              | no address in the From field: nobody",
            })
    void tells_what_would_become_of_a_message(String from, String expected) {
        assertThat(shown(signer.plan(from))).isEqualTo(expected);
    }

    @Test
    void an_address_with_a_line_end_is_no_address() {
        assertThatIllegalArgumentException().isThrownBy(() -> signer.plan("a@b.example\r\nSender: c@d.example"));
    }

    @Test
    void lists_every_signature_with_its_domain_where_no_message_is_needed_for_it() {
        assertThat(signer.signatures().map(SigningPlanTest::shown))
                .containsExactlyInAnyOrder(
                        "listid_map list.example.net dkim d=? s=l rsa-sha256 relaxed - rsa.pem rsa",
                        "sender_map example.org dkim d=example.org s=a rsa-sha256 relaxed - rsa.pem rsa",
                        "sender_map example.org domainkeys d=example.org s=b rsa-sha1 nofws - rsa.pem rsa",
                        "sender_map news@example.org dkim d=example.org s=n ed25519-sha256 simple bulk@example.org"
                                + " ed.pem ed25519",
                        "sender_map macro.example dkim d=? s=m rsa-sha256 relaxed - rsa.pem rsa",
                        "sender_map bad.example dkim d=elsewhere.example s=x rsa-sha256 relaxed - rsa.pem rsa",
                        "sender_map space.example dkim d=space.example s=sp rsa-sha256 relaxed a$=20b@sub.space.example"
                                + " rsa.pem rsa",
                        "sender_map three.example dkim d=three.example s=all rsa-sha256 relaxed - rsa.pem rsa",
                        "sender_map . dkim d=? s=all rsa-sha256 relaxed - rsa.pem rsa",
                        "domain one.example dkim d=one.example s=d rsa-sha256 relaxed - rsa.pem rsa",
                        "domain two.example dkim d=two.example s=d rsa-sha256 relaxed - rsa.pem rsa");
    }

    @Test
    void a_signature_is_placed_in_the_line_of_its_own_key() {
        assertThat(places(signer.plan("a@example.org"))).containsExactly("map:1:20", "map:1:30");
        assertThat(places(signer.plan("a@three.example"))).containsExactly("map:7:20");
        assertThat(places(signer.plan("a@other.example"))).containsExactly("map:8:1");
        assertThat(signer.signatures()
                        .filter(signature -> signature.selector().equals("all"))
                        .map(PlannedSignature::position))
                .extracting(Position::toString)
                .containsExactlyInAnyOrder("map:7:20", "map:8:1");
        assertThat(signer.signatures()
                        .filter(signature -> signature.selector().equals("d"))
                        .map(PlannedSignature::position))
                .extracting(Position::toString)
                .containsExactly("conf:6:11", "conf:6:11");
    }

    @Test
    void a_signature_is_shown_as_it_is_written() {
        assertThat(((SigningPlan.Sign) signer.plan("a@example.org")).signatures())
                .extracting(PlannedSignature::written)
                .containsExactly("dkim(s=a)", "domainkeys(s=b)");
        assertThat(signer.ruleCount()).isEqualTo(8 + 1 + 2);
    }

    private static List<String> places(SigningPlan plan) {
        return ((SigningPlan.Sign) plan)
                .signatures().stream()
                        .map(signature -> signature.position().toString())
                        .toList();
    }

    private static String shown(SigningPlan plan) {
        return switch (plan) {
            case SigningPlan.Sign sign ->
                sign.signatures().stream().map(SigningPlanTest::shown).collect(Collectors.joining(" + "));
            case SigningPlan.Leave leave -> leave.reason();
            case SigningPlan.Fail fail -> "fail: " + fail.reason();
        };
    }

    private static String shown(PlannedSignature signature) {
        return String.join(
                " ",
                signature.rule(),
                signature.kind(),
                "d=" + signature.domain().orElse("?"),
                "s=" + signature.selector(),
                signature.algorithm().tag(),
                signature.method(),
                signature.identity().orElse("-"),
                String.valueOf(signature.keyFile().getFileName()),
                signature.publishedKey().orElseThrow().type());
    }
}
