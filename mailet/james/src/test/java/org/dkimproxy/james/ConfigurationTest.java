package org.dkimproxy.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import jakarta.mail.MessagingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.mailet.Mail;
import org.dkimproxy.signing.key.SignatureProvider;
import org.dkimproxy.signing.log.CapturingLogProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each parameter: what it does, and what is said when it is wrong. */
class ConfigurationTest {
    private static final String MESSAGE = "From: alice+x@mail.example.org\nList-Id: <news.lists.example>\n\ntext\n";

    @TempDir
    Path folder;

    private Workplace place;

    @BeforeEach
    void conf() {
        place = new Workplace(folder)
                .write("conf/sender_map", "example.org dkim(s=s1,key=file://conf/rsa.pem)\n")
                .write("conf/listid_map", "lists.example dkim(s=l1,key=file://conf/ed.pem)\n");
    }

    static Stream<Arguments> effects() {
        String one = "domain=example.org selector=one keyfile=file://conf/rsa.pem ";
        String byMap = "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org; s=s1";
        String byDomain = "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org; s=one";
        return Stream.of(
                row("sender_map=file://conf/sender_map", byMap),
                row("sender_map=DIR/conf/sender_map", byMap),
                row("Sender-Map=file://conf/sender_map", byMap),
                row(
                        "sender_map=file://conf/sender_map listid_map=file://conf/listid_map",
                        "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed; d=lists.example; s=l1"),
                row(one, byDomain),
                row("domain=a.org,example.org selector=one keyfile=DIR/conf/rsa.pem", byDomain),
                row(one + "method=simple", byDomain.replace("relaxed", "simple")),
                row(one + "dkim_method=simple/relaxed", byDomain.replace("relaxed", "simple/relaxed")),
                row(
                        one + "signature=domainkeys domainkeys_method=simple",
                        "DomainKey-Signature: a=rsa-sha1; c=simple; d=example.org; q=dns; s=one"),
                row(
                        one + "signature=dkim(c=simple,s=two),domainkeys",
                        "DKIM-Signature: v=1; a=rsa-sha256; c=simple; d=example.org; s=two\n"
                                + "DomainKey-Signature: a=rsa-sha1; c=nofws; d=example.org; q=dns; s=one"),
                row(one + "identity=bulk@$keydomain", byDomain + "; i=bulk@example.org"),
                row(one + "compat=dkimproxy-1.4", byDomain.replace("sha256", "sha1")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("effects")
    void a_parameter_has_its_effect(String parameters, String expected) throws Exception {
        Mail mail = Workplace.mail(MESSAGE);
        place.mailet(parameters(parameters)).service(mail);

        String fields = Workplace.sent(mail).replace("\n\t", "").replaceAll("; (h|t|bh|b)=[^;\n]*", "");
        assertThat(fields.substring(0, fields.indexOf("\nFrom:"))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "oversign {0}")
    @CsvSource({
        "off, from:list-id:mime-version:date:message-id",
        "on, from:list-id:mime-version:date:message-id:date:from:message-id:mime-version"
    })
    void oversign_names_fields_once_more_than_they_occur(String value, String fields) throws Exception {
        Mail mail = Workplace.mail(MESSAGE);
        place.mailet("sender_map", "file://conf/sender_map", "oversign", value).service(mail);

        assertThat(Workplace.sent(mail).replace("\n\t", "")).contains("; h=" + fields + ";");
    }

    static Stream<Arguments> errors() {
        return Stream.of(
                row("", "error: no rule says what to sign: give the option domain, sender_map or listid_map"),
                row(
                        "sender_map=file://conf/none",
                        "parameter sender_map:1:1: error: cannot read map file://conf/none: No such file or directory"),
                row(
                        "sender_map=conf/sender_map",
                        "parameter sender_map:1:1: error: cannot read map conf/sender_map: neither"
                                + " file://conf/NAME nor an absolute path"),
                row("sender_map=conf://sender_map", ": neither file://conf/NAME nor an absolute path"),
                row(
                        "sender_map=file://conf/bad_map",
                        "file://conf/bad_map:2:13: error: found signature type \"dkmi\", expected \"dkim\" or \"domainkeys\""),
                row("sender_map=file://conf/bad_map", "file://conf/bad_map:3:25: error: cannot read key file "),
                row(
                        "sender_map=file://conf/bad_map",
                        "file://conf/bad_map:4:25: error: cannot read key file rsa.pem: neither file://conf/NAME nor an absolute path"),
                row("listid_map=file://conf/bad_map", "file://conf/bad_map:2:13: error:"),
                row(
                        "domain=example.org selector=one keyfile=file://conf/rsa.pem signature=dkim(c=odd)",
                        "parameter signature:1:8: error: found"),
                row(
                        "domain=example.org selector=one,two keyfile=file://conf/rsa.pem",
                        "parameter selector:1:1: error:"),
                row("domain=example.org keyfile=file://conf/rsa.pem", "selector"),
                row("domain=example.org selector=one", "keyfile"),
                row("domain=exa_mple..org selector=one keyfile=file://conf/rsa.pem", "parameter domain:1:1: error:"),
                row("domain=e.org selector=one keyfile=file://conf/sender_map", "parameter keyfile:1:1: error:"),
                row("domain=e.org selector=one keyfile=file://conf/rsa.pem method=odd", "parameter method:1:1: error:"),
                row(
                        "domain=e.org selector=one keyfile=file://conf/rsa.pem dkim_method=odd",
                        "parameter dkim_method:1:1:"),
                row(
                        "domain=e.org selector=one keyfile=file://conf/rsa.pem signature=domainkeys domainkeys_method=odd",
                        "parameter domainkeys_method:1:1: error:"),
                row(
                        "domain=e.org selector=one keyfile=file://conf/rsa.pem identity=$odd",
                        "parameter identity:1:1: error:"),
                row(
                        "domain=e.org selector=one keyfile=file://conf/rsa.pem oversign=odd",
                        "parameter oversign:1:1: error:"),
                row("domain=e.org selector=one keyfile=file://conf/rsa.pem compat=odd", "parameter compat:1:1: error:"),
                row(
                        "sender_map=file://conf/sender_map reject_error=maybe",
                        "parameter reject_error:1:1: error: found \"maybe\", expected yes or no"),
                row(
                        "sender_map=file://conf/sender_map convert_to_7bit=8",
                        "parameter convert_to_7bit:1:1: error: found \"8\", expected yes or no"),
                row(
                        "sender_map=file://conf/sender_map sign_authors=mine",
                        "parameter sign_authors:1:1: error: found \"mine\", expected own or all"),
                row(
                        "sender_map=file://conf/sender_map signAuthors=yes",
                        "parameter signAuthors:1:1: error: found \"yes\", expected own or all"),
                row(
                        "conf_file=file://conf/none",
                        "error: cannot read conf file file://conf/none: No such file or directory"),
                row("conf_file=DIR/conf", "error: cannot read conf file DIR/conf: Is a directory"),
                row(
                        "conf_file=none",
                        "error: cannot read conf file none: neither file://conf/NAME nor an absolute path"),
                row(
                        "conf_file=file://conf/bad.conf",
                        "file://conf/bad.conf:2:14: error: found \"perhaps\", expected yes or no"),
                row(
                        "conf_file=file://conf/relative.conf",
                        "file://conf/relative.conf:3:9: error: cannot read key file rsa.pem: neither file://conf/NAME nor an absolute path"),
                row(
                        "sender_map=file://conf/sender_map strict=yes sendr_map=x",
                        "parameter sendr_map:1:1: error: found parameter \"sendr_map\", expected \"sender_map\""),
                row(
                        "sender_map=file://conf/sender_map sendermap=x",
                        "parameter sendermap:1:1: error: found parameter \"sendermap\", expected \"sender_map\""),
                row(
                        "sender_map=file://conf/sender_map senderMap=file://conf/sender_map",
                        "parameter sender_map:1:1: error: found parameter \"sender_map\", another spelling of one that is"
                                + " given, expected each parameter once"),
                row(
                        "sender_map=file://conf/sender_map convertTo7bit=8",
                        "parameter convertTo7bit:1:1: error: found \"8\", expected yes or no"));
    }

    /** To open a pipe that nobody writes to would hold the start of James for ever. */
    @Test
    void a_pipe_as_conf_file_stops_the_start() throws Exception {
        Path pipe = folder.resolve("conf/pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThatThrownBy(() -> place.mailet("conf_file", "file://conf/pipe"))
                        .isInstanceOf(MessagingException.class)
                        .hasMessageContaining(
                                "error: cannot read conf file file://conf/pipe: it is not a regular file"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("errors")
    void an_error_stops_the_start_and_says_where(String parameters, String expected) {
        place.write("conf/bad_map", """
                good.example dkim(s=s1,key=file://conf/rsa.pem)
                bad.example dkmi(s=s1,key=file://conf/rsa.pem)
                nokey.exa dkim(s=s1,key=file://conf/gone.pem)
                relat.exa dkim(s=s1,key=rsa.pem)
                """);
        place.write("conf/relative.conf", "domain e.org\nselector s\nkeyfile rsa.pem\n");
        place.write("conf/bad.conf", "sender_map file://conf/sender_map\nreject_error perhaps\n");

        assertThatThrownBy(() -> place.mailet(parameters(parameters)))
                .isInstanceOf(MessagingException.class)
                .hasMessageStartingWith("SignWithSenderMap cannot start:\n")
                .hasMessageContaining(expected.replace("DIR", folder.toString()));
    }

    @Test
    void all_errors_are_told_at_once_with_their_lines() {
        place.write("conf/sender_map", "a.example dkmi\nb.example dkim(c=odd,s=s,key=file://conf/rsa.pem)\n");

        assertThatThrownBy(() -> place.mailet("sender_map", "file://conf/sender_map", "reject_error", "maybe"))
                .hasMessageContainingAll(
                        "parameter reject_error:1:1:",
                        "file://conf/sender_map:1:11:",
                        "    a.example dkmi\n              ^",
                        "file://conf/sender_map:2:");
    }

    @Test
    void a_misspelt_parameter_is_one_error_and_not_what_follows_from_it() {
        assertThatThrownBy(() -> place.mailet("sendr_map", "file://conf/sender_map"))
                .hasMessageStartingWith("SignWithSenderMap cannot start:\nparameter sendr_map:1:1: error: ")
                .extracting(Throwable::getMessage)
                .asString()
                .containsOnlyOnce("error:");
    }

    @Test
    void parameters_may_be_in_camel_case() throws Exception {
        place.mailet("senderMap", "file://conf/sender_map", "rejectError", "yes", "convertTo7bit", "no");

        assertThatThrownBy(() -> place.mailet("listidMap", "file://conf/none"))
                .hasMessageContaining("file://conf/none");
    }

    @Test
    void without_strict_unknown_parameters_are_warned_about_with_the_nearest_name() throws Exception {
        place.mailet(
                "strict",
                "false",
                "sender_map",
                "file://conf/sender_map",
                "sendermap",
                "x",
                "zzzz",
                "x",
                "selector",
                " ",
                "onMailetException",
                "ignore");

        assertThat(CapturingLogProvider.linesWith("parameter sendermap"))
                .contains("WARN parameter sendermap:1:1: warning: found parameter \"sendermap\" (it has no effect),"
                        + " expected \"sender_map\"");
        assertThat(CapturingLogProvider.linesWith("parameter zzzz"))
                .contains(
                        "WARN parameter zzzz:1:1: warning: found parameter \"zzzz\" (it has no effect), expected the name"
                                + " of an option");
        assertThat(CapturingLogProvider.linesWith("parameter selector without a value"))
                .isNotEmpty();
        assertThat(CapturingLogProvider.linesWith("onMailetException")).isEmpty();
    }

    @Test
    void a_conf_file_of_the_proxy_is_taken_as_it_is() throws Exception {
        place.write("conf/dkimproxy_out.conf", """
                # the original's own example
                listen    127.0.0.1:10027
                relay     127.0.0.1:10028
                domain    example.org
                signature dkim(c=relaxed)
                signature domainkeys(c=nofws)
                keyfile   DIR/conf/rsa.pem
                selector  selector1
                user      dkim
                selectr   oops
                conf_file other
                """.replace("DIR", folder.toString()));
        Mail mail = Workplace.mail(MESSAGE);
        place.mailet("conf_file", "file://conf/dkimproxy_out.conf", "selector", "winner")
                .service(mail);

        assertThat(Workplace.sent(mail))
                .contains("DKIM-Signature", "DomainKey-Signature")
                .contains("s=winner;");
        assertThat(CapturingLogProvider.linesWith("without effect in a mailet"))
                .contains("INFO options of the conf file without effect in a mailet: listen, relay, user");
        assertThat(CapturingLogProvider.linesWith("dkimproxy_out.conf:10:1"))
                .contains("WARN file://conf/dkimproxy_out.conf:10:1: warning: found option \"selectr\", expected"
                        + " \"selector\"");
        assertThat(CapturingLogProvider.linesWith("dkimproxy_out.conf:11:1"))
                .contains(
                        "WARN file://conf/dkimproxy_out.conf:11:1: warning: found conf_file in a conf file, expected it as"
                                + " a parameter only");
    }

    @Test
    void a_list_given_as_parameter_replaces_the_whole_list_of_the_file() throws Exception {
        place.write(
                "conf/c",
                "signature dkim(s=one)\nsignature dkim(s=two)\nkeyfile file://conf/rsa.pem\ndomain example.org\n");
        Mail mail = Workplace.mail(MESSAGE);
        place.mailet("conf_file", "file://conf/c", "signature", "dkim(s=three)").service(mail);

        assertThat(Workplace.sent(mail)).containsOnlyOnce("DKIM-Signature").contains("s=three;");
    }

    @Test
    void a_passphrase_file_opens_keys() throws Exception {
        place.writeEncryptedKey("conf/locked.pem", "secret").write("conf/pass", "secret\n");
        Mail mail = Workplace.mail(MESSAGE);
        place.mailet(
                        parameters(
                                "domain=example.org selector=s keyfile=file://conf/locked.pem key_passphrase_file=file://conf/pass"))
                .service(mail);

        assertThat(Workplace.sent(mail)).startsWith("DKIM-Signature");
        assertThatThrownBy(() -> place.mailet(parameters("domain=e.org selector=s keyfile=file://conf/locked.pem")))
                .hasMessageContaining("encrypted");
    }

    @Test
    void a_key_that_everyone_can_read_is_a_warning() throws Exception {
        Files.setPosixFilePermissions(place.path("conf/rsa.pem"), PosixFilePermissions.fromString("rw-r--r--"));
        place.mailet("sender_map", "file://conf/sender_map");

        assertThat(CapturingLogProvider.linesWith(place.path("conf/rsa.pem") + " that everyone can read"))
                .isNotEmpty();
    }

    @Test
    void files_that_everyone_can_write_to_are_warnings_and_errors_when_strict() throws Exception {
        place.write("conf/open", "sender_map file://conf/sender_map\n");
        for (String name : List.of("conf/open", "conf/rsa.pem", "conf/sender_map")) {
            Files.setPosixFilePermissions(place.path(name), PosixFilePermissions.fromString("rw-----w-"));
        }
        place.mailet("conf_file", "file://conf/open");

        for (String file : List.of(
                "conf_file " + place.path("conf/open"),
                "key file " + place.path("conf/rsa.pem"),
                "sender_map " + place.path("conf/sender_map"))) {
            assertThat(CapturingLogProvider.linesWith(file + " that everyone can write to (rw-----w-)"))
                    .isNotEmpty();
        }
        assertThatThrownBy(() -> place.mailet("conf_file", "file://conf/open", "strict", ""))
                .hasMessageContaining("error: found conf_file ")
                .hasMessageContaining("error: found sender_map ")
                .hasMessageContaining("error: found key file ");
    }

    @Test
    void the_log_says_who_signs_and_once_for_all_mailets() throws Exception {
        place.mailet("sender_map", "file://conf/sender_map");
        place.mailet("sender_map", "file://conf/sender_map");

        assertThat(CapturingLogProvider.linesWith("signatures are made by"))
                .containsExactly("INFO signatures are made by " + SignatureProvider.name());
    }

    /** {@code <reject_error/>} is what a bare {@code reject_error} is in a conf file. */
    @Test
    void a_flag_without_a_value_is_on() throws Exception {
        SignWithSenderMap mailet = place.mailet(
                "sender_map", "file://conf/sender_map", "reject_error", "", "convert_to_7bit", " ", "oversign", "");

        Mail mail = Workplace.mail(MESSAGE.replace("text", "gr\u00FC\u00DFe"));
        mailet.service(mail);
        assertThat(Workplace.sent(mail)).contains("Content-Transfer-Encoding");
        assertThatThrownBy(
                        () -> mailet.service(Workplace.mail("Sender: alice@example.org\nSubject: no author\n\ntext\n")))
                .isInstanceOf(MessagingException.class);
        assertThatThrownBy(() -> place.mailet("sender_map", "file://conf/sender_map", "strict", "", "odd", "x"))
                .isInstanceOf(MessagingException.class);
        assertThat(CapturingLogProvider.linesWith("parameter reject_error without a value"))
                .isEmpty();
    }

    @Test
    void the_mailet_says_what_it_is() {
        assertThat(place.mailet().getMailetInfo())
                .isEqualTo("SignWithSenderMap: signs with DKIM and DomainKeys by a sender map");
        assertThatThrownBy(() -> place.mailet().service(Workplace.mail(MESSAGE)))
                .isInstanceOf(IllegalStateException.class);
        place.mailet().destroy();
    }

    private String[] parameters(String text) {
        return Stream.of(text.replace("DIR", folder.toString()).split(" ", -1))
                .filter(pair -> !pair.isEmpty())
                .flatMap(pair -> List.of(pair.split("=", 2)).stream())
                .toArray(String[]::new);
    }

    private static Arguments row(Object... cells) {
        return Arguments.of(cells);
    }
}
