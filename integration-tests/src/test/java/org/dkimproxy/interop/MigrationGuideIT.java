package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dkimproxy.testkit.RunningProxy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The commands of the migration guide work on a conf file of dkimproxy 1.4.1, and what it names is there. */
class MigrationGuideIT {
    private static final Path GUIDE = Path.of("../docs/migrate.md");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    static Stream<String> commands() throws IOException {
        return Pattern.compile("(?s)```sh\n(.*?)```")
                .matcher(Files.readString(GUIDE, StandardCharsets.UTF_8))
                .results()
                .flatMap(block -> block.group(1).lines());
    }

    @BeforeEach
    void configure() throws Exception {
        TestKeys keys = TestKeys.generate(folder);
        Files.writeString(
                folder.resolve("dkimproxy_out.conf"),
                """
                # specify what address/port DKIMproxy should listen on
                listen    127.0.0.1:10027
                relay     127.0.0.1:10028
                domain    example.org
                signature dkim(c=relaxed)
                signature domainkeys(c=nofws)
                keyfile   KEY
                selector  selector1
                """.replace("KEY", keys.rsaFile().toString()),
                StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void a_command_works(String command) throws Exception {
        String[] words = UserGuide.moved(command, folder)
                .replace("127.0.0.1:10037", "127.0.0.1:0")
                .split(" ");
        String program = words[0];
        if (program.equals("dkimproxy.out")) {
            RunningProxy.start(Tree.ROOT, PATIENCE, Arrays.copyOfRange(words, 1, words.length))
                    .close();
        } else {
            words[0] = Tree.program(program);
            Programs.Result result = Programs.run(PATIENCE, List.of(words));
            assertThat(result.exit()).as(result.output() + result.errors()).isLessThan(2);
            assertThat(result.output()).doesNotContain("error: ");
        }
    }

    private static String text() throws IOException {
        return Files.readString(GUIDE, StandardCharsets.UTF_8);
    }

    private static String section(String heading) throws IOException {
        return text().split("\n## " + heading + "\n", 2)[1].split("\n## ", 2)[0];
    }

    @Test
    void it_begins_with_what_can_stop_mail() throws IOException {
        assertThat(text().lines().filter(line -> line.startsWith("## ")).findFirst())
                .hasValue("## What can stop mail");
        assertThat(section("What can stop mail"))
                .contains("`dkimproxy.in`", "/etc/default/dkimproxy", "chgrp dkimproxy", "without-dkimproxy.in");
    }

    /** The settings that the init script of the Debian package 1.4.1-3 reads, and the options that it gives. */
    @Test
    void it_knows_all_of_the_init_script() throws IOException {
        assertThat(section("What can stop mail"))
                .contains(
                        "`RUN_DKIMPROXY_IN`",
                        "`RUN_DKIMPROXY_OUT`",
                        "`DKIMPROXY_IN_CONF`",
                        "`DKIMPROXY_OUT_CONF`",
                        "`DKIMPROXY_OUT_PRIVKEY`",
                        "`DKIM_HOSTNAME`",
                        "`DOMAIN`",
                        "`DKIMPROXYUSER`",
                        "`DKIMPROXYGROUP`",
                        "`DKIMPROXY_IN_MIN_SERVERS`",
                        "`DKIMPROXY_OUT_MIN_SERVERS`",
                        "`--method=simple`",
                        "`--signature=dkim`",
                        "`--signature=domainkeys`");
    }

    @Test
    void it_has_every_option_of_1_4_1() throws IOException {
        String names = """
                conf_file listen relay relay_host relay_port reject_error reject-error
                signature keyfile selector method dkim_method domainkeys_method domain identity sender_map listid_map
                daemonize setsid background user group chroot pidfile pid_file debugtrace
                allow deny cidr_allow cidr_deny
                min_servers max_servers min_spare_servers max_spare_servers max_requests
                log_level log_file syslog_ident syslog_facility syslog_logsock syslog_logopt
                """;
        for (String name : names.strip().split("\\s+", -1)) {
            assertThat(section("Options")).contains("`" + name + "`");
        }
    }

    /** The stock conf file has addresses and a selector; the rest came from the init script. */
    @Test
    void the_lines_for_the_settings_of_the_init_script_make_the_stock_configuration_work() throws Exception {
        String lines = MailGuide.codeBlocks(text(), "conf").getFirst();
        Path conf = Files.writeString(
                folder.resolve("stock.conf"),
                "listen 127.0.0.1:10028\nrelay 127.0.0.1:10029\nselector postfix\n"
                        + lines.replace(
                                "/var/lib/dkimproxy/private.key",
                                folder.resolve("rsa.pem").toString()),
                StandardCharsets.UTF_8);
        Programs.Result check = Programs.run(PATIENCE, List.of(Tree.program("dkimproxy-check"), conf.toString()));
        assertThat(check.exit()).as(check.output() + check.errors()).isLessThan(2);
        assertThat(sign("--conf_file=" + conf))
                .startsWith("DKIM-Signature: v=1; a=rsa-sha256; c=simple; d=example.org; ")
                .contains("\r\nDomainKey-Signature: a=rsa-sha1; c=simple; d=example.org; ");
    }

    @Test
    void h_names_the_fields_to_sign_but_has_no_effect_with_compat() throws Exception {
        String conf = "--conf_file=" + folder.resolve("dkimproxy_out.conf");
        String signature = "--signature=dkim(h=from:subject)";
        assertThat(fields(sign(conf, signature))).contains("subject").doesNotContain("date");
        assertThat(fields(sign(conf, signature, "--compat=dkimproxy-1.4"))).contains("subject", "date");
    }

    private String sign(String... options) throws IOException {
        Path message = Files.writeString(
                folder.resolve("message.eml"),
                "From: joe@example.org\r\nDate: Mon, 23 Nov 2026 08:00:00 +0000\r\nSubject: x\r\n\r\nHi\r\n",
                StandardCharsets.US_ASCII);
        List<String> command = new ArrayList<>(List.of(Tree.program("dkimproxy-sign")));
        command.addAll(List.of(options));
        command.add(message.toString());
        Programs.Result signed = Programs.run(PATIENCE, command);
        assertThat(signed.exit()).as(signed.errors()).isZero();
        return signed.output();
    }

    /** The names in the h= tag of the first signature. */
    private static List<String> fields(String signed) {
        String tags = signed.replaceAll("\r\n\\s+", " ");
        Matcher names = Pattern.compile("[; ]h=([^;]*);").matcher(tags);
        assertThat(names.find()).as(tags).isTrue();
        return List.of(names.group(1).replace(" ", "").toLowerCase(Locale.ROOT).split(":", -1));
    }

    @ParameterizedTest
    @CsvSource({"--help, 1", "--no_such_option, 2", "--conf_file=/no/such/file, 1"})
    void an_exit_code_is_as_the_table_says(String option, int code) throws IOException {
        Programs.Result result = Programs.run(PATIENCE, List.of(Tree.program("dkimproxy.out"), option));
        assertThat(result.exit()).as(result.errors()).isEqualTo(code);
    }

    @Test
    void the_files_that_it_names_are_there() throws IOException {
        String text = Files.readString(GUIDE, StandardCharsets.UTF_8);
        assertThat(Pattern.compile("`(docs/[^`]*)`").matcher(text).results().map(found -> found.group(1)))
                .isNotEmpty()
                .allMatch(name -> Files.isRegularFile(Path.of("..", name)));
        assertThat(text).contains(Tree.archive(".deb").getFileName().toString().replaceAll("_[^_]*$", "_"));
        assertThat(Tree.ROOT.resolve("runtime")).isDirectory();
        assertThat(Tree.ROOT.resolve("lib/dkimproxy.aot")).isRegularFile();
    }
}
