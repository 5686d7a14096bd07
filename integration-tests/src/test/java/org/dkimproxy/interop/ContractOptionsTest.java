package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.signing.SignatureField;
import org.dkimproxy.signing.SigningOutcome;
import org.dkimproxy.signing.config.GivenOptions;
import org.dkimproxy.signing.config.LoadedConfiguration;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.standalone.cli.CommandLine;
import org.dkimproxy.standalone.config.ProgramSettings;
import org.dkimproxy.standalone.config.ProxyOptions;
import org.dkimproxy.standalone.config.UsageException;
import org.dkimproxy.standalone.log.LogSettings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every option of dkimproxy.out 1.4.1 has its effect, in every spelling that the original took, from the command line and
 * from the conf file. The configuration is read as the program reads it at its start.
 */
class ContractOptionsTest {
    /** The effect of an option that asks for what is not done here. */
    private static final String WARNED = "warned";

    @TempDir
    static Path folder;

    /** What is configured beside the option in question, by names. */
    private static final Map<String, String> BASE = new LinkedHashMap<>();

    @BeforeAll
    static void makeFiles() throws Exception {
        TestKeys keys = TestKeys.generate(folder);
        Files.writeString(folder.resolve("sender.map"), "example.org dkim(s=of-sender-map)\n", StandardCharsets.UTF_8);
        Files.writeString(
                folder.resolve("listid.map"), "dev.lists.example dkim(s=of-listid-map)\n", StandardCharsets.UTF_8);
        BASE.put("listen", "127.0.0.1:1");
        BASE.put("relay", "127.0.0.1:2");
        BASE.put("domain", "example.net");
        BASE.put("selector", "base");
        BASE.put("keyfile", keys.rsaFile().toString());
    }

    /** What came of reading a configuration: the settings, and what was printed. */
    record Read(LoadedConfiguration.Valid<ProgramSettings> loaded, String printed) {
        /** For each signature of a message of joe@example.org to a list, the type and the tags a, c, d, i, s. */
        String signatures() {
            String message = "From: joe@example.org\r\nList-Id: <dev.lists.example>\r\nSubject: x\r\n\r\nHi\r\n";
            SigningOutcome outcome = loaded.signer().sign(message.getBytes(StandardCharsets.US_ASCII));
            return outcome instanceof SigningOutcome.Signed signed
                    ? signed.fields().stream().map(Read::tags).collect(Collectors.joining(" + "))
                    : outcome.toString();
        }

        private static String tags(SignatureField field) {
            String text = field.text().replaceAll("\r\n\\s", "");
            String tags = Stream.of(text.substring(text.indexOf(':') + 1).split(";"))
                    .map(String::strip)
                    .filter(tag -> tag.matches("[acdis]=.*"))
                    .sorted()
                    .collect(Collectors.joining(" "));
            return text.substring(0, text.indexOf('-')) + " " + tags;
        }

        LogSettings log() {
            return loaded.settings().proxy().message().log();
        }

        String noticesOn(String name) {
            return loaded.notices().stream()
                    .filter(notice -> notice.contains(name))
                    .collect(Collectors.joining());
        }

        String addresses() {
            return loaded.settings().proxy().listen() + " "
                    + loaded.settings().proxy().relay();
        }

        /** Of two clients, those that may connect. */
        String admitted() {
            return Stream.of("192.0.2.1", "2001:db8::1")
                    .filter(address -> loaded.settings()
                            .proxy()
                            .access()
                            .refusal(address(address))
                            .isEmpty())
                    .collect(Collectors.joining(" "));
        }

        private static InetAddress address(String literal) {
            try {
                return InetAddress.getByName(literal);
            } catch (UnknownHostException e) {
                throw new AssertionError(e);
            }
        }
    }

    /**
     * A row of the contract.
     *
     * @param name the row's
     * @param spellings the option's name and its aliases
     * @param value the value; empty for a flag
     * @param rest more lines of the conf file
     * @param replaced names of {@link #BASE} that would stand in its way
     * @param effect what to look at
     * @param expected what is to be seen there with the option, and is not without it
     */
    record Row(
            String name,
            List<String> spellings,
            String value,
            String rest,
            Set<String> replaced,
            Function<Read, String> effect,
            String expected) {
        Row(String name, String spelling, String value, Function<Read, String> effect, String expected) {
            this(name, List.of(spelling), value, "", Set.of(spelling), effect, expected);
        }

        Row with(String lines) {
            return new Row(name, spellings, value, lines, replaced, effect, expected);
        }

        Row without(String... names) {
            return new Row(name, spellings, value, rest, Set.of(names), effect, expected);
        }

        Row alias(String... names) {
            List<String> all = new ArrayList<>(spellings);
            all.addAll(List.of(names));
            return new Row(name, all, value, rest, replaced, effect, expected);
        }

        String conf() {
            return BASE.entrySet().stream()
                            .filter(option -> !replaced.contains(option.getKey()))
                            .map(option -> option.getKey() + " " + option.getValue() + "\n")
                            .collect(Collectors.joining())
                    + rest;
        }
    }

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>(List.of(
                new Row("options/smtp/listen", "listen", "[::1]:10027", Read::addresses, "[[::1]:10027] 127.0.0.1:2"),
                new Row("options/smtp/relay", "relay", "mail:10028", Read::addresses, "[127.0.0.1:1] mail:10028"),
                new Row("options/smtp/relay_host", "relay_host", "mail", Read::addresses, "[127.0.0.1:1] mail:25")
                        .without("relay"),
                new Row("options/smtp/relay_port", "relay_port", "26", Read::addresses, "[127.0.0.1:1] mail:26")
                        .without("relay")
                        .with("relay_host mail\n"),
                new Row(
                        "options/smtp/reject_error",
                        "reject_error",
                        "",
                        read -> "" + read.loaded.settings().proxy().message().rejectErrors(),
                        "true"),
                new Row(
                                "options/signing/signature",
                                "signature",
                                "dkim(c=simple),domainkeys",
                                Read::signatures,
                                "DKIM a=rsa-sha256 c=simple d=example.org s=base + DomainKey a=rsa-sha1 c=nofws"
                                        + " d=example.org s=base")
                        .without("domain")
                        .with("domain example.org\n"),
                new Row(
                        "options/signing/keyfile",
                        "keyfile",
                        folder.resolve("ed25519.pem").toString(),
                        Read::signatures,
                        "DKIM a=ed25519-sha256 c=relaxed d=example.net s=base"),
                new Row(
                        "options/signing/selector",
                        "selector",
                        "sel",
                        Read::signatures,
                        "DKIM a=rsa-sha256 c=relaxed d=example.net s=sel"),
                new Row(
                        "options/signing/method",
                        "method",
                        "simple/relaxed",
                        Read::signatures,
                        "DKIM a=rsa-sha256 c=simple/relaxed d=example.net s=base"),
                new Row(
                        "options/signing/dkim_method",
                        "dkim_method",
                        "simple",
                        Read::signatures,
                        "DKIM a=rsa-sha256 c=simple d=example.net s=base"),
                new Row(
                                "options/signing/domainkeys_method",
                                "domainkeys_method",
                                "simple",
                                Read::signatures,
                                "DomainKey a=rsa-sha1 c=simple d=example.org s=base")
                        .without("domain")
                        .with("domain example.org\nsignature domainkeys\n"),
                new Row(
                        "options/signing/domain",
                        "domain",
                        "example.com,example.org",
                        Read::signatures,
                        "DKIM a=rsa-sha256 c=relaxed d=example.org s=base"),
                new Row(
                        "options/signing/identity",
                        "identity",
                        "joe@sub.example.net",
                        Read::signatures,
                        "DKIM a=rsa-sha256 c=relaxed d=example.net i=joe@sub.example.net s=base"),
                new Row(
                                "options/signing/sender_map",
                                "sender_map",
                                folder.resolve("sender.map").toString(),
                                Read::signatures,
                                "DKIM a=rsa-sha256 c=relaxed d=example.org s=of-sender-map")
                        .without("domain"),
                new Row(
                                "options/signing/listid_map",
                                "listid_map",
                                folder.resolve("listid.map").toString(),
                                Read::signatures,
                                "DKIM a=rsa-sha256 c=relaxed d=lists.example s=of-listid-map")
                        .without("domain"),
                new Row(
                                "options/daemon/pidfile",
                                "pidfile",
                                "/run/x.pid",
                                read -> read.loaded
                                        .settings()
                                        .daemon()
                                        .pidFile()
                                        .map(Path::toString)
                                        .orElse(""),
                                "/run/x.pid")
                        .alias("pid_file"),
                new Row("options/access/allow", "allow", "192\\.0\\.2\\..*", Read::admitted, "192.0.2.1"),
                new Row("options/access/deny", "deny", "2001:.*", Read::admitted, "192.0.2.1").with("allow .*\n"),
                new Row("options/access/cidr_allow", "cidr_allow", "2001:db8::/32", Read::admitted, "2001:db8::1"),
                new Row("options/access/cidr_deny", "cidr_deny", "192.0.2.0/24", Read::admitted, "2001:db8::1")
                        .with("allow .*\n"),
                new Row(
                        "options/pool/max_servers",
                        "max_servers",
                        "7",
                        read -> "" + read.loaded.settings().proxy().limits().connections(),
                        "7"),
                new Row(
                        "options/log/log_level",
                        "log_level",
                        "2",
                        read -> read.log().threshold().toString(),
                        "NOTICE"),
                new Row(
                        "options/log/log_file",
                        "log_file",
                        "Sys::Syslog",
                        read -> read.log().destination().toString(),
                        "SystemLog[]"),
                new Row(
                        "options/log/syslog_ident",
                        "syslog_ident",
                        "signer",
                        read -> read.log().syslog().ident(),
                        "signer"),
                new Row(
                        "options/log/syslog_facility",
                        "syslog_facility",
                        "local1",
                        read -> read.log().syslog().facility().toString(),
                        "LOCAL1"),
                new Row(
                        "options/log/syslog_logopt",
                        "syslog_logopt",
                        "cons|nofatal",
                        read -> read.log().syslog().options().stream()
                                .sorted()
                                .toList()
                                .toString(),
                        "[CONS, NOFATAL]"),
                new Row(
                        "options/log/syslog_logsock",
                        "syslog_logsock",
                        "udp",
                        read -> read.printed().contains(": warning: found \"udp\", which has no effect") ? WARNED : "",
                        WARNED),
                new Row(
                        "options/daemon/debugtrace",
                        "debugtrace",
                        "",
                        read -> "" + read.log().tracesConversations(),
                        "true")));
        for (String name : List.of(
                "min_servers",
                "min_spare_servers",
                "max_spare_servers",
                "spare_servers",
                "max_requests",
                "check_for_dead",
                "check_for_waiting",
                "check_for_spawn",
                "min_child_ttl",
                "max_dequeue",
                "check_for_dequeue",
                "serialize",
                "lock_file",
                "proto",
                "ipv",
                "backlog",
                "sig_passthrough",
                "reverse_lookups",
                "double_reverse_lookups",
                "no_client_stdout",
                "no_close_by_child",
                "leave_children_open_on_hup",
                "child_communication",
                "tie_client_stdout")) {
            rows.add(new Row(
                    "options/pool/" + name,
                    name,
                    "5",
                    read -> read.noticesOn(name),
                    "option " + name + ": without effect here"));
        }
        return rows;
    }

    /** A row in one spelling: lines for the end of the conf file, or words of the command line. */
    record Case(Row row, String lines, List<String> words) {
        @Override
        public String toString() {
            return row.name + ": " + (words.isEmpty() ? lines.strip() : String.join(" ", words));
        }
    }

    static Stream<Case> cases() {
        return rows().stream().flatMap(row -> row.spellings.stream().flatMap(spelling -> cases(row, spelling)));
    }

    private static Stream<Case> cases(Row row, String name) {
        Set<String> names = new LinkedHashSet<>(List.of(name, name.replace('_', '-')));
        return names.stream()
                .flatMap(written -> row.value.isEmpty()
                        ? Stream.of(
                                new Case(row, "", List.of("--" + written)),
                                new Case(row, "", List.of(written)),
                                new Case(row, "", List.of("--" + written + "=1")),
                                new Case(row, written + "\n", List.of()),
                                new Case(row, written + " 1\n", List.of()),
                                new Case(row, "--" + written + "=yes\n", List.of()))
                        : Stream.of(
                                new Case(row, "", List.of("--" + written + "=" + row.value)),
                                new Case(row, "", List.of("--" + written, row.value)),
                                new Case(row, "", List.of(written + "=" + row.value)),
                                new Case(row, "", List.of(written, row.value)),
                                new Case(row, written + " " + row.value + "\n", List.of()),
                                new Case(row, written + "\t" + row.value + "  # why\n", List.of()),
                                new Case(row, written + " = " + row.value + "\n", List.of()),
                                new Case(row, "--" + written + ": " + row.value + "\n", List.of())));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void an_option_has_its_effect(Case option) throws Exception {
        Read read = read(option.row.conf() + option.lines, option.words);
        assertThat(option.row.effect.apply(read)).isEqualTo(option.row.expected);
        assertThat(read.printed).doesNotContain("error: ");
        assertThat(read.printed.contains("warning: ")).isEqualTo(option.row.expected.equals(WARNED));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                            | dkim | domainkeys | c=relaxed | c=nofws",
                "method simple                                 | dkim | domainkeys | c=simple  | c=simple",
                "method simple;dkim_method relaxed             | dkim | domainkeys | c=relaxed | c=simple",
                "dkim_method relaxed;method simple             | dkim | domainkeys | c=relaxed | c=simple",
                "method simple;domainkeys_method nofws         | dkim | domainkeys | c=simple  | c=nofws",
                "method simple;dkim_method simple;domainkeys_method simple | dkim(c=relaxed/relaxed) |"
                        + " domainkeys(c=nofws) | c=relaxed/relaxed | c=nofws",
            })
    void the_method_nearest_to_a_signature_decides(
            String lines, String dkim, String domainKeys, String dkimMethod, String domainKeysMethod) throws Exception {
        Read read = read(
                "listen 127.0.0.1:1\nrelay 127.0.0.1:2\ndomain example.org\nselector s\nkeyfile "
                        + BASE.get("keyfile") + "\nsignature " + dkim + "\nsignature " + domainKeys + "\n"
                        + lines.replace(';', '\n') + "\n",
                List.of());
        assertThat(read.signatures())
                .isEqualTo("DKIM a=rsa-sha256 " + dkimMethod + " d=example.org s=s + DomainKey a=rsa-sha1 "
                        + domainKeysMethod + " d=example.org s=s");
    }

    @Test
    void without_the_option_there_is_no_such_effect() throws Exception {
        for (Row row : rows()) {
            assertThat(row.effect.apply(read(row.without().conf(), List.of())))
                    .as(row.name)
                    .isNotEqualTo(row.expected);
        }
    }

    private static Read read(String conf, List<String> more) throws IOException, UsageException {
        Path file = Files.writeString(folder.resolve("conf"), conf, StandardCharsets.UTF_8);
        List<String> words = new ArrayList<>(List.of("--conf_file=" + file));
        words.addAll(more);
        CommandLine commandLine = CommandLine.parse(words, ProxyOptions.TABLE, true);
        GivenOptions given = ProxyOptions.LOADER.read(Parsed.of(commandLine.options()));
        OptionValues values = given.values();
        LoadedConfiguration<ProgramSettings> loaded = ProxyOptions.LOADER.load(
                given,
                values,
                ProgramSettings.read(values, commandLine.arguments(), Optional.empty()),
                ProxyOptions.viewAtStart(given));
        String printed =
                loaded.problems().stream().map(problem -> problem + "\n").collect(Collectors.joining());
        return switch (loaded) {
            case LoadedConfiguration.Valid<ProgramSettings> valid -> new Read(valid, printed);
            case LoadedConfiguration.Invalid<ProgramSettings> _ ->
                throw new AssertionError("it does not start:\n" + printed);
        };
    }
}
