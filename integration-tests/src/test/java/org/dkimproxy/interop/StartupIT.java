package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What stops the start of the built program: the place, what was found and expected, the exit code, no stack trace. */
class StartupIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String ADDRESSES = "listen 127.0.0.1:0\nrelay 127.0.0.1:25\n";

    @TempDir
    static Path folder;

    @BeforeAll
    static void makeFiles() throws Exception {
        TestKeys.generate(folder);
        write("garbage.key", "garbage\n");
        write("public.key", """
                -----BEGIN PUBLIC KEY-----
                MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
                -----END PUBLIC KEY-----
                """);
        Files.createDirectory(folder.resolve("directory"));
    }

    /**
     * A conf file that is wrong.
     *
     * @param conf what follows the addresses, FOLDER for the folder
     * @param map the sender map; empty for none
     * @param error what has to stand in the error output
     */
    record Wrong(String name, String conf, String map, String error) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Wrong> wrong() {
        String global = "selector s\nkeyfile FOLDER/rsa.pem\n";
        String domain = "domain example.org\n";
        return Stream.of(
                new Wrong(
                        "key that does not exist",
                        domain + "selector s\nkeyfile FOLDER/none.key\n",
                        "",
                        "FOLDER/conf:5:9: error: cannot read key file FOLDER/none.key: No such file or directory"),
                new Wrong(
                        "key that is none",
                        domain + "selector s\nkeyfile FOLDER/garbage.key\n",
                        "",
                        "FOLDER/conf:5:9: error: found no private key (key file FOLDER/garbage.key), expected a PEM file"
                                + " with an RSA or Ed25519 private key"),
                new Wrong(
                        "public key",
                        domain + "selector s\nkeyfile FOLDER/public.key\n",
                        "",
                        "FOLDER/conf:5:9: error: found a public key, and no private key (key file FOLDER/public.key)"),
                new Wrong(
                        "folder for a key",
                        domain + "selector s\nkeyfile FOLDER/directory\n",
                        "",
                        "FOLDER/conf:5:9: error: cannot read key file FOLDER/directory: Is a directory"),
                new Wrong(
                        "no key",
                        domain + "selector s\n",
                        "",
                        "FOLDER/conf:3:8: error: found a signature without a key, expected key=FILE in it, or the"
                                + " option keyfile"),
                new Wrong(
                        "no selector",
                        domain + "keyfile FOLDER/rsa.pem\n",
                        "",
                        "FOLDER/conf:3:8: error: found a signature without a selector, expected s=SELECTOR in it, or the option selector"),
                new Wrong(
                        "no domain and no map",
                        global,
                        "",
                        "error: no rule says what to sign: give the option domain, sender_map or listid_map"),
                new Wrong(
                        "no selector in a map",
                        "sender_map FOLDER/map\n",
                        "example.org dkim(key=FOLDER/rsa.pem)\n",
                        "FOLDER/map:1:13: error: found a signature without a selector, expected"),
                new Wrong(
                        "unknown type in a map",
                        global + "sender_map FOLDER/map\n",
                        "# comment\nexample.org dkimm\n",
                        "FOLDER/map:2:13: error: found signature type \"dkimm\", expected \"dkim\" or \"domainkeys\"\n"
                                + "    example.org dkimm\n                ^"),
                new Wrong(
                        "bad method in a map, and all the rest is told too",
                        "sender_map FOLDER/map\n",
                        "example.org dkim(c=wrong,s=a,key=FOLDER/rsa.pem)\nexample.net dkim(s=b,key=FOLDER/none.key)\n",
                        "FOLDER/map:2:26: error: cannot read key file FOLDER/none.key: No such file or directory"),
                new Wrong(
                        "unknown type of a signature",
                        domain + global + "signature dkin(c=relaxed)\n",
                        "",
                        "FOLDER/conf:6:11: error: found signature type \"dkin\""),
                new Wrong(
                        "bad method",
                        domain + global + "method relax\n",
                        "",
                        "FOLDER/conf:6:8: error: found method \"relax\", expected"),
                new Wrong(
                        "map that does not exist",
                        global + "sender_map FOLDER/nomap\n",
                        "",
                        "FOLDER/conf:5:12: error: cannot read map FOLDER/nomap: No such file or directory"),
                new Wrong(
                        "unknown option under strict",
                        domain + global + "strict\nselectro x\n",
                        "",
                        "FOLDER/conf:7:1: error: found option \"selectro\", expected \"selector\""));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void a_wrong_configuration_stops_the_start(Wrong wrong) throws IOException {
        write("map", moved(wrong.map()));
        Path conf = write("conf", moved(ADDRESSES + wrong.conf()));
        Programs.Result result = start("--conf_file=" + conf);
        assertThat(result.errors()).contains(moved(wrong.error()));
        assertThat(result.errors()).doesNotContain("\tat ").doesNotContain("Exception");
        assertThat(result.exit()).isEqualTo(1);
        if (!wrong.conf().contains("sender_map FOLDER/map")) {
            assertThat(result.errors().lines().filter(line -> line.startsWith("error: ") || line.contains(": error: ")))
                    .hasSize(1);
        }
    }

    @Test
    void a_conf_file_that_cannot_be_read_stops_the_start() throws IOException {
        Programs.Result result = start("--conf_file=" + folder.resolve("noconf"));
        assertThat(result.errors())
                .isEqualTo(moved("error: cannot read conf file FOLDER/noconf: No such file or directory\n"));
        assertThat(result.exit()).isEqualTo(1);
    }

    /** The name stands in a file like /etc/hosts that is for Java alone. */
    @Test
    void a_relay_whose_name_is_that_of_this_machine_stops_the_start() throws IOException {
        Path hosts = write("hosts", "127.0.0.1 mail.example\n192.0.2.7 other.example\n");
        Path conf = write(
                "conf", moved("relay mail.example:10027\ndomain example.org\nselector s\nkeyfile FOLDER/rsa.pem\n"));
        for (String listen : List.of("127.0.0.1", "0.0.0.0", "[::]", "mail.example")) {
            Programs.Result result = Programs.run(
                    LIMIT,
                    List.of(
                            "/usr/bin/env",
                            "DKIMPROXY_JAVA_OPTS=-Djdk.net.hosts.file=" + hosts,
                            Tree.program("dkimproxy.out"),
                            "--conf_file=" + conf,
                            "--listen=" + listen + ":10027"));
            assertThat(result.errors())
                    .contains(conf
                            + ":1:7: error: found relay mail.example:10027, which leads back to the listen address "
                            + listen + ":10027, expected the address of the mail server that takes signed mail\n");
            assertThat(result.exit()).isEqualTo(1);
        }
    }

    /** The system's temporary directory, when none is named. */
    @Test
    void no_room_for_large_messages_stops_the_start_and_the_check_tells_it() throws IOException {
        Path conf = write("conf", moved(ADDRESSES + "domain example.org\nselector s\nkeyfile FOLDER/rsa.pem\n"));
        String options = "DKIMPROXY_JAVA_OPTS=-Djava.io.tmpdir=" + folder.resolve("nowhere");
        String error =
                moved("spool_dir FOLDER/nowhere is no directory that this program can write to, so large messages"
                        + " could not be taken; make it, or name another one\n");
        Programs.Result start = Programs.run(
                LIMIT, List.of("/usr/bin/env", options, Tree.program("dkimproxy.out"), "--conf_file=" + conf));
        assertThat(start.errors()).contains("Error: " + error);
        assertThat(start.exit()).isEqualTo(1);
        Programs.Result check =
                Programs.run(LIMIT, List.of("/usr/bin/env", options, Tree.program("dkimproxy-check"), conf.toString()));
        assertThat(check.output()).contains("error: " + error);
        assertThat(check.exit()).isEqualTo(2);
    }

    @Test
    void wrong_usage_exits_with_2_and_help_with_1() throws IOException {
        Programs.Result unknown = start("--selectr=x", "127.0.0.1:0", "127.0.0.1:25");
        assertThat(unknown.errors()).isEqualTo("""
                        Error: unknown option "--selectr"; did you mean --selector?
                        For the options, see --help.
                        """);
        assertThat(unknown.exit()).isEqualTo(2);
        Programs.Result help = start("--help");
        assertThat(help.output()).startsWith("Usage: dkimproxy.out ");
        assertThat(help.errors()).isEmpty();
        assertThat(help.exit()).isEqualTo(1);
    }

    private static Programs.Result start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Tree.program("dkimproxy.out")));
        command.addAll(List.of(arguments));
        return Programs.run(LIMIT, command);
    }

    private static Path write(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text, StandardCharsets.UTF_8);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static String moved(String text) {
        return text.replace("FOLDER", folder.toString());
    }
}
