package org.dkimproxy.standalone.tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.signing.key.PemKeyParser;
import org.dkimproxy.standalone.DkimproxyOut;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DkimproxyCheckTest {
    private static final Duration PATIENCE = Duration.ofMillis(300);

    @TempDir
    static Path keys;

    private static String rsaRecord;
    private static String otherRecord;
    private static String edRecord;

    @TempDir
    Path directory;

    private Path conf;
    private Path map;

    @BeforeAll
    static void makeKeys() throws Exception {
        rsaRecord = make("rsa.key", Optional.of(2048));
        otherRecord = make("other.key", Optional.of(2048));
        edRecord = make("ed.key", Optional.empty());
    }

    @BeforeEach
    void writeConf() throws IOException {
        map = Files.writeString(
                directory.resolve("map"), """
                    example.org       dkim(s=a,a=rsa-sha256),domainkeys(s=b)
                    news@example.org  dkim(s=n,key=KEYS/ed.key,i=bulk@example.org,c=simple)
                    off.example.org\\s
                    macro.example     dkim(s=m,a=rsa-sha256,d=$keydomain)
                    bad.example       dkim(s=x,a=rsa-sha256,i=a@$senderdomain,d=elsewhere.example)
                    """.replace("KEYS", keys.toString()).replace("\\s", " "));
        conf = write(
                "check.conf",
                "listen 127.0.0.1:1\nrelay 127.0.0.1:2\nsender_map " + map + "\nkeyfile " + keys.resolve("rsa.key")
                        + "\n");
    }

    @Test
    void sound_configuration_has_no_problems() {
        Run run = run();

        assertThat(run.out).isEqualTo("no problems\n");
        assertThat(run.code).isZero();
    }

    @Test
    void warnings_are_told_and_counted() throws IOException {
        append("relais 127.0.0.1:2\nsyslog_logopt pid,cosn\n");
        Run run = run();

        assertThat(run.out)
                .contains(
                        conf + ":5:1: warning: found ",
                        conf + ":6:19: warning: found \"cosn\", expected \"cons\"\n",
                        "\n0 errors, 2 warnings\n");
        assertThat(run.code).isEqualTo(1);
        assertThat(run("--strict").code).isEqualTo(2);
    }

    @Test
    void files_that_others_can_change_are_warnings_and_errors_when_strict() throws IOException {
        Path shared = Files.createDirectory(directory.resolve("shared"));
        Path key = Files.copy(keys.resolve("rsa.key"), shared.resolve("rsa.key"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(map, PosixFilePermissions.fromString("rw-r--rw-"));
        Files.setPosixFilePermissions(conf, PosixFilePermissions.fromString("rw-r--rw-"));
        append("keyfile " + key + "\n");
        Run run = run();

        assertThat(run.out)
                .contains(
                        "warning: found conf_file " + conf + " that everyone can write to (rw-r--rw-), expected a file"
                                + " that only root and the user of this program can change: chmod o-w " + conf + "\n",
                        "warning: found sender_map " + map + " that everyone can write to (rw-r--rw-), ",
                        "warning: found key file " + key + " below directory " + shared
                                + " that everyone can write to (rwxrwxrwx), expected a directory that only root and the"
                                + " user of this program can change: chmod go-w " + shared + "\n");
        assertThat(run.code).isEqualTo(1);
        Run strict = run("--strict");
        assertThat(strict.out)
                .contains("error: found conf_file ", "error: found sender_map ", "error: found key file ");
        assertThat(strict.code).isEqualTo(2);
    }

    @Test
    void every_error_of_every_file_is_told() throws IOException {
        append("message_size_limit much\nmethod odd\n");
        Files.writeString(map, "example.org dkim(s=a,key=/missing)\nexample.net dkim(a=rot13)\n");
        Run run = run("--sender=a@example.org", "--dns");

        assertThat(run.code).isEqualTo(2);
        assertThat(run.out)
                .contains(
                        conf + ":5:20: error: ", conf + ":6:8: error: ", map + ":1:26: error: ", map + ":2:20: error: ")
                .endsWith("no rule shown and no record looked up: correct the errors first\n5 errors, 0 warnings\n");
    }

    @Test
    void missing_address_is_an_error_among_the_others() throws IOException {
        conf = write("check.conf", "sender_map " + map + "\nkeyfile /missing\nselector s\n");
        Run run = run();

        assertThat(run.code).isEqualTo(2);
        assertThat(run.out)
                .contains(
                        "error: no listen address: give LISTENADDR:PORT RELAYADDR:PORT, or listen in the conf file\n",
                        conf + ":2:9: error: cannot read key file ");
        Files.writeString(conf, "sender_map " + map + "\nkeyfile " + keys.resolve("rsa.key") + "\n");
        assertThat(run("127.0.0.1:1", "127.0.0.1:2").out).isEqualTo("no problems\n");
    }

    @Test
    void notices_of_the_start_are_told_and_are_no_problems() throws IOException {
        append("reject_error\nmin_servers 3\n");
        for (Run run : List.of(run(), run("--strict"))) {
            assertThat(run.out).isEqualTo("""
                notice: option min_servers: without effect here
                notice: reject_error is on: a message that cannot be signed is refused (dkimproxy 1.4 heeded it on the\
                 command line alone)
                no problems
                """);
            assertThat(run.code).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "debugtrace;log_level info | debugtrace with log_level info",
                "syslog_logsock udp        | \"udp\", which has no effect",
            })
    void setting_without_its_effect_is_a_warning_and_with_strict_an_error(String options, String found)
            throws IOException {
        append(options.replace(';', '\n') + "\n");

        assertThat(run().out).contains(": warning: found " + found).endsWith("\n0 errors, 1 warning\n");
        assertThat(run("--strict").out).contains(": error: found " + found).endsWith("1 error, 0 warnings\n");
    }

    @Test
    void log_file_that_cannot_be_opened_is_an_error_and_none_is_made() throws IOException {
        Path good = directory.resolve("good.log");
        append("log_file " + good + "\n");
        assertThat(run().code).isZero();
        assertThat(good).doesNotExist();

        Run run = run("--log_file=" + directory + "/none/x.log");

        assertThat(run.out)
                .isEqualTo("error: log_file " + directory + "/none/x.log: there is no directory " + directory
                        + "/none; make it first\n1 error, 0 warnings\n");
        assertThat(run.code).isEqualTo(2);
    }

    @Test
    void conf_file_that_cannot_be_read_is_an_error() {
        conf = directory.resolve("missing");
        Run run = run();

        assertThat(run.code).isEqualTo(2);
        assertThat(run.out)
                .isEqualTo(
                        "error: cannot read conf file " + conf + ": No such file or directory\n1 error, 0 warnings\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "news@example.org  | signed // dkim d=example.org s=n a=ed25519-sha256 c=simple i=bulk@example.org"
                        + " key=KEYS/ed.key, by the rule sender_map news@example.org (MAP:2:19)",
                "a@example.org     | signed // dkim d=example.org s=a a=rsa-sha256 c=relaxed key=KEYS/rsa.key, by the"
                        + " rule sender_map example.org (MAP:1:19) // domainkeys d=example.org s=b a=rsa-sha1 c=nofws"
                        + " key=KEYS/rsa.key, by the rule sender_map example.org (MAP:1:42)",
                "a@off.example.org | not signed: the rule for off.example.org asks for no signature",
            })
    void tells_which_rule_signs_for_a_sender_and_how(String sender, String expected) {
        Run run = run("--sender=" + sender);

        assertThat(run.out.replace(keys.toString(), "KEYS").replace(map.toString(), "MAP"))
                .isEqualTo("From " + sender + ": " + expected.replace(" // ", "\n  ") + "\nno problems\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a@example.com | warning | not signed: no rule matches a@example.com                    | 1",
                "nobody        | warning | not signed: no address in the From field: nobody             | 1",
                "a@bad.example | error   | cannot be signed: i= is not an address in d=elsewhere.example: a@bad.example"
                        + " | 2",
            })
    void sender_that_is_not_signed_by_mistake_is_a_problem(String sender, String severity, String expected, int code) {
        Run run = run("--sender=" + sender);

        assertThat(run.out).startsWith(severity + ": From " + sender + ": " + expected + "\n");
        assertThat(run.code).isEqualTo(code);
    }

    @Test
    void maps_that_never_sign_are_a_warning() throws IOException {
        String expected =
                "warning: no rule asks for a signature, so no message is ever signed; add a line to a map, or set"
                        + " domain\n0 errors, 1 warning\n";
        for (String content : List.of("", "# nothing\n", "example.org \n")) {
            Files.writeString(map, content);
            Run run = run();

            assertThat(run.out).endsWith(expected);
            assertThat(run.code).isEqualTo(1);
        }
    }

    @Test
    void checks_without_a_conf_file() {
        String key = "--keyfile=" + keys.resolve("rsa.key");
        List<String> signing = List.of("--signature=dkim(d=example.org,s=s,a=rsa-sha256)", key);

        assertThat(start(with(signing, "--listen=127.0.0.1:1", "--relay=127.0.0.1:2")).out)
                .isEqualTo("no problems\n");
        assertThat(start(with(signing, "127.0.0.1:1", "127.0.0.1:2")).out).isEqualTo("no problems\n");
        assertThat(start(List.of("--conf_file=" + conf)).out).isEqualTo("no problems\n");
        assertThat(start(with(signing)).out).contains("error: no listen address: ");
        assertThat(start(with(signing)).code).isEqualTo(2);
    }

    @Test
    void strict_makes_every_warning_an_error() throws IOException {
        append("syslog_logopt pid,cosn\nselector a._domainkey\nselector b\nlisten 0.0.0.0:1\nstrict\n");
        Run run = run("--sender=a@example.com", "--relay=10028");

        assertThat(run.code).isEqualTo(2);
        assertThat(run.out)
                .contains(conf + ":5:19: error: found ", conf + ":7:1: error: found ")
                .doesNotContain("warning: ");
        Files.writeString(conf, Files.readString(conf).replaceAll("(syslog|selector).*\n", ""));
        Run bare = run("--sender=a@example.com");

        assertThat(bare.out)
                .contains("error: listen 0.0.0.0:1: hosts other", "error: From a@example.com: not signed")
                .endsWith("2 errors, 0 warnings\n");
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0:1, true",
        "*:1, true",
        "[::]:1, true",
        "192.0.2.1:1, true",
        "127.0.0.2:1, false",
        "[::1]:1, false",
        "localhost:1, false",
    })
    void listen_address_that_others_reach_needs_an_access_list(String listen, boolean reachable) {
        Run run = run("--listen=" + listen);
        String warning = "warning: listen " + listen + ": hosts other than this one can connect, and there is no access"
                + " list; listen on 127.0.0.1, or set cidr_allow\n0 errors, 1 warning\n";

        assertThat(run.out).isEqualTo(reachable ? warning : "no problems\n");
        assertThat(run("--listen=" + listen, "--cidr_allow=192.0.2.0/24").out).isEqualTo("no problems\n");
    }

    @Test
    void hosts_that_cannot_be_resolved_are_warnings() {
        assertThat(run("--relay=mail.invalid:2").out)
                .isEqualTo(
                        "warning: relay mail.invalid:2: host name cannot be resolved; no mail passes until it can. Correct"
                                + " the name, or see the DNS and /etc/hosts\n0 errors, 1 warning\n");
        assertThat(run("--listen=mail.invalid:2").out)
                .startsWith("warning: listen mail.invalid:2: host name cannot be resolved, so the start fails.");
    }

    @Test
    void relay_that_is_the_listen_address_is_an_error() {
        assertThat(run("--relay=127.0.0.1:1").out)
                .contains(
                        "error: found relay 127.0.0.1:1, which leads back to the listen address 127.0.0.1:1, expected the"
                                + " address of the mail server that takes signed mail\n");
        assertThat(run("--relay=127.0.0.1:1").code).isEqualTo(2);
    }

    @Test
    void pid_file_that_a_start_refuses_is_a_problem() throws IOException {
        Path pidFile = directory.resolve("pid");
        assertThat(run("--pidfile=" + pidFile).out).isEqualTo("no problems\n");
        assertThat(pidFile).doesNotExist();

        Process other =
                new ProcessBuilder("/bin/sh", "-c", "echo started; read -r line", DkimproxyOut.class.getName()).start();
        try {
            other.inputReader(UTF_8).readLine();
            Files.writeString(pidFile, other.pid() + "\n");
            Run live = run("--pidfile=" + pidFile);
            assertThat(live.out)
                    .isEqualTo("warning: pidfile " + pidFile + ": process " + other.pid()
                            + " is running; stop it first, or give this one another"
                            + " pidfile\n0 errors, 1 warning\n");
            assertThat(live.code).isEqualTo(1);
        } finally {
            other.destroyForcibly();
        }

        // nobody is asked to stop process 1
        Files.writeString(pidFile, "1\n");
        assertThat(run("--pidfile=" + pidFile).out).isEqualTo("no problems\n");

        Files.writeString(pidFile, "x\n");
        assertThat(run("--pidfile=" + pidFile).out).startsWith("error: pidfile " + pidFile + " holds something else");
        assertThat(run("--pidfile=" + directory).out).startsWith("error: cannot read pidfile " + directory + "");
        assertThat(run("--pidfile=" + directory + "/none/pid").out)
                .isEqualTo("error: pidfile " + directory + "/none/pid: there is no directory " + directory
                        + "/none; make it first\n1 error, 0 warnings\n");
    }

    @Test
    void service_has_the_user_and_the_groups_of_its_unit() throws IOException {
        Path unit = Files.writeString(directory.resolve("x.service"), "[Service]\nUser=no-such-user\nGroup=0\n");
        append("user root\n");
        List<ConfOption> service = ServiceUnit.options("x.service", List.of(directory));

        assertThat(start(List.of(conf.toString()), service).out)
                .contains(unit + ":2:6: error: found user \"no-such-user\", expected a user of this system\n");
        assertThat(start(List.of(conf.toString(), "--user=no-such-one"), service).out)
                .contains("user \"no-such-one\"")
                .doesNotContain("no-such-user");
    }

    @Test
    void compares_each_record_with_its_key() throws Exception {
        Files.writeString(map, """
            fit.example     dkim(s=s),dkim(s=e,key=KEYS/ed.key)
            a@fit.example   dkim(s=s)
            other.example   dkim(s=s),dkim(s=e,key=KEYS/ed.key)
            revoked.example dkim(s=s)
            missing.example dkim(s=s)
            garbage.example dkim(s=s),dkim(s=p),dkim(s=k)
            policy.example  dkim(s=h),dkim(s=v),dkim(s=t),dkim(s=two)
            macro.example   dkim(s=m,d=$keydomain)
            fail.example    dkim(s=s)
            .               dkim(s=all)
            """.replace("KEYS", keys.toString()));
        try (FakeDns dns = new FakeDns()) {
            dns.put("s._domainkey.fit.example", rsaRecord);
            dns.put("e._domainkey.fit.example", edRecord);
            dns.put("s._domainkey.other.example", otherRecord);
            dns.put("e._domainkey.other.example", rsaRecord);
            dns.put("s._domainkey.revoked.example", "v=DKIM1; p=");
            dns.put("s._domainkey.garbage.example", "what is this");
            dns.put("p._domainkey.garbage.example", "v=DKIM1; p=%%%%");
            dns.put("k._domainkey.garbage.example", "v=DKIM1; k=rsa");
            dns.put("h._domainkey.policy.example", rsaRecord + "; h=sha1");
            dns.put("v._domainkey.policy.example", rsaRecord + "; s=tlsrpt");
            dns.put("t._domainkey.policy.example", rsaRecord + "; t=y");
            dns.put("two._domainkey.policy.example", rsaRecord, otherRecord);
            dns.put("s._domainkey.fail.example", "SERVFAIL");
            Run run = run("--dns", "--dns-server=" + dns.address());

            assertThat(run.out
                            .lines()
                            .filter(line -> !line.startsWith("notice: "))
                            .map(line -> line.replace(keys.toString(), "KEYS"))
                            .map(line ->
                                    line.replaceAll("; publish: ([a-z._]+)[.] IN TXT \"v=DKIM1.*", "; publish: $1")))
                    .containsExactlyInAnyOrder(
                            "s._domainkey.fit.example: the record fits the key (key file KEYS/rsa.key)",
                            "e._domainkey.fit.example: the record fits the key (key file KEYS/ed.key)",
                            "error: s._domainkey.other.example: the record has another key (key file KEYS/rsa.key); publish: s._domainkey.other.example",
                            "error: e._domainkey.other.example: a key of type \"rsa\", while the key file has ed25519"
                                    + " (key file KEYS/ed.key); publish: e._domainkey.other.example",
                            "error: s._domainkey.revoked.example: the key is revoked (p= is empty) (key file"
                                    + " KEYS/rsa.key); publish: s._domainkey.revoked.example",
                            "error: s._domainkey.missing.example: no record (key file"
                                    + " KEYS/rsa.key); publish: s._domainkey.missing.example",
                            "error: s._domainkey.garbage.example: not a key record: Unexpected termination at position"
                                    + " 0: what is this | [what is this] (key file KEYS/rsa.key); publish: s._domainkey.garbage.example",
                            "error: p._domainkey.garbage.example: not a key record: p= is not base64 (key file"
                                    + " KEYS/rsa.key); publish: p._domainkey.garbage.example",
                            "error: k._domainkey.garbage.example: not a key record: it has no p= (key file"
                                    + " KEYS/rsa.key); publish: k._domainkey.garbage.example",
                            "error: h._domainkey.policy.example: h=sha1 does not allow rsa-sha256 (key file"
                                    + " KEYS/rsa.key); publish: h._domainkey.policy.example",
                            "error: v._domainkey.policy.example: s=tlsrpt does not allow mail (key file KEYS/rsa.key); publish: v._domainkey.policy.example",
                            "warning: t._domainkey.policy.example: the record fits the key, but t=y tells receivers to"
                                    + " treat the mail as unsigned (key file KEYS/rsa.key)",
                            "warning: two._domainkey.policy.example: 2 records, of which one fits the key; leave only"
                                    + " the one of the key (key file KEYS/rsa.key)",
                            "warning: s._domainkey.fail.example: no answer from the DNS server " + dns.address()
                                    + ": SERVFAIL",
                            "selector m of the rule sender_map macro.example: not checked, since d= depends on the"
                                    + " message",
                            "selector all of the rule sender_map .: not checked, since d= depends on the message",
                            "9 errors, 3 warnings");
            assertThat(run.code).isEqualTo(2);
            assertThat(dns.asked()).doesNotHaveDuplicates().hasSize(15);
        }
    }

    @Test
    void silent_server_is_a_warning_and_is_not_asked_forever() throws Exception {
        StringBuilder lines = new StringBuilder();
        try (FakeDns dns = new FakeDns()) {
            for (int i = 0; i < 20; i++) {
                lines.append("silent").append(i).append(".example dkim(s=s)\n");
                dns.put("s._domainkey.silent" + i + ".example", "SILENCE");
            }
            Files.writeString(map, lines);
            Run run = run("--dns", "--dns-server=" + dns.address());

            assertThat(run.code).isEqualTo(1);
            assertThat(run.out)
                    .contains(
                            "warning: s._domainkey.silent",
                            ".example: no answer from the DNS server " + dns.address() + ": network error\n")
                    .endsWith("""
                        warning: 17 more records not looked up, since the DNS does not answer
                        0 errors, 4 warnings
                        """);
            assertThat(dns.asked().stream().distinct()).hasSize(3);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--dns                        | 'no configuration: give CONF, or the options of dkimproxy.out'",
                "--dns-server=127.0.0.1:5 CONF| --dns-server without --dns",
                "--dns --dns-server=a:b CONF  | --dns-server: found \"a:b\", expected HOST, HOST:PORT or [IPV6]:PORT",
                "--sneder=a@b.example CONF    | unknown option \"--sneder\"; did you mean --sender?",
            })
    void wrong_usage(String words, String error) {
        Run run = start(List.of(words.replace("CONF", conf.toString()).split(" ")));

        assertThat(run.err).isEqualTo("Error: " + error + "\nFor the options, see --help.\n");
        assertThat(run.code).isEqualTo(2);
    }

    @Test
    void option_of_the_tool_in_a_conf_file_is_unknown_as_it_is_to_the_daemon() throws IOException {
        append("sender a@example.org\n");

        assertThat(run().out).contains(conf + ":5:1: warning: found ").doesNotContain("From a@example.org");
    }

    @Test
    void help_names_its_own_options_and_the_proxys() {
        Run run = start(List.of("--help"));

        assertThat(run.code).isZero();
        assertThat(run.out)
                .startsWith("Usage: dkimproxy-check [options] [CONF] ")
                .contains("\nTool:\n  --sender=ADDR ", "--dns ", "--dns_server=HOST:PORT", "--keyfile=FILE");
    }

    private record Run(int code, String out, String err) {}

    private Run run(String... words) {
        List<String> args = new ArrayList<>(List.of(conf.toString()));
        args.addAll(List.of(words));
        return start(args);
    }

    private static List<String> with(List<String> options, String... more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(more));
        return all;
    }

    private static Run start(List<String> args) {
        return start(args, List.of());
    }

    private static Run start(List<String> args, List<ConfOption> service) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = new DkimproxyCheck(
                        new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), PATIENCE, service)
                .run(args);
        return new Run(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private void append(String lines) throws IOException {
        Files.writeString(conf, Files.readString(conf) + lines);
    }

    /** Writes a key; returns its record. */
    private static String make(String name, Optional<Integer> bits) throws Exception {
        NewKey key = NewKey.make(bits);
        NewFile.write(keys.resolve(name), key.pem(), 0600, OptionalInt.empty());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys.resolve(name))))
                .isEqualTo("rw-------");
        return PemKeyParser.read(key.pem(), Optional.empty())
                .publishedKey()
                .orElseThrow()
                .record();
    }
}
