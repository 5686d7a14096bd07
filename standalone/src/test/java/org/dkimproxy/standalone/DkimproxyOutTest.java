package org.dkimproxy.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dkimproxy.standalone.daemon.Signals;
import org.dkimproxy.testkit.PrivateKeys;
import org.dkimproxy.testkit.SignalSender;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class DkimproxyOutTest {
    @TempDir
    static Path directory;

    @BeforeAll
    static void writeKey() throws IOException, GeneralSecurityException {
        PrivateKeys.writeNewRsa(directory.resolve("key.pem"));
    }

    @Test
    void help_is_on_standard_output() {
        Run run = run("--help");

        assertThat(run.code).isEqualTo(1);
        assertThat(run.out).startsWith("Usage: dkimproxy.out [options] LISTENADDR:PORT RELAYADDR:PORT\n");
        assertThat(run.err).isEmpty();
    }

    @Test
    void version_is_on_standard_output() {
        Run run = run("--version");

        assertThat(run.code).isZero();
        assertThat(run.out).matches("dkimproxy\\.out .*\n");
        assertThat(run.err).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "--nonsense | Error: unknown option \"--nonsense\"",
                "a:1        | Error: expected the two addresses LISTENADDR:PORT RELAYADDR:PORT, found 1 argument",
                "--strict   | Error: no listen address: give LISTENADDR:PORT RELAYADDR:PORT, or listen in the conf file",
            },
            delimiter = '|')
    void wrong_usage(String words, String error) {
        Run run = run(words.split(" "));

        assertThat(run.code).isEqualTo(2);
        assertThat(run.out).isEmpty();
        assertThat(run.err).isEqualTo(error + "\nFor the options, see --help.\n");
    }

    @Test
    void every_problem_is_shown_at_once_with_its_place() throws IOException {
        Path conf = Files.writeString(directory.resolve("wrong.conf"), """
                listen 127.0.0.1
                relay 127.0.0.1:2
                domain example.org
                selector s
                keyfile /missing
                signature dkim(c=odd)
                max_servers none
                user no-such-user
                group nogroup, no-such-group
                chroot /no/such/directory
                """);
        Run run = run("--conf_file=" + conf);

        assertThat(run.code).isEqualTo(1);
        assertThat(run.err)
                .contains(conf + ":1:8: error: found \"127.0.0.1\", expected HOST:PORT or [IPV6]:PORT\n")
                .contains(conf + ":6:18: error: ")
                .contains(conf + ":7:13: error: ")
                .contains(conf + ":8:6: error: found user \"no-such-user\", expected a user of this system\n")
                .contains(conf + ":9:16: error: found group \"no-such-group\", expected a group of this system\n")
                .contains(conf + ":10:8: error: found \"/no/such/directory\", expected a directory that exists\n")
                .contains("\n    user no-such-user\n         ^\n")
                .doesNotContain("\tat ", "Exception");
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "--strict                                | no address to listen on",
                "--listen=127.0.0.1:0 --relay=127.0.0.1:2 --domain=example.org --keyfile=/missing | no key",
                "--conf_file=/missing                    | no conf file",
                "--listen=127.0.0.1 --relay=127.0.0.1:2  | no port",
            },
            delimiter = '|')
    void configuration_error_has_an_exit_code_of_its_own_where_it_is_asked_for(String words, String what) {
        assertThat(run(("--ex_config " + words).split(" ")).code).as(what).isEqualTo(78);
        assertThat(run(words.split(" ")).code).as(what).isBetween(1, 2);
    }

    @Test
    void address_in_use_is_no_configuration_error() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Run run = run(Stream.concat(
                            Stream.of("--ex_config"),
                            Stream.of(signing("127.0.0.1:" + taken.getLocalPort(), "127.0.0.1:2")))
                    .toArray(String[]::new));
            assertThat(run.err).contains("Address already in use");
            assertThat(run.code).isEqualTo(1);
        }
    }

    @Test
    void every_line_for_the_journal_begins_with_its_priority() throws IOException {
        Path conf = Files.writeString(
                directory.resolve("journal.conf"),
                "listen 127.0.0.1:0\nrelay 127.0.0.1:2\nnonsense 1\nkeyfile /missing\n");
        Run run = run(true, "--conf_file=" + conf, "--domain=example.org", "--selector=s");

        assertThat(run.err.lines())
                .allMatch(line -> line.matches("<[34]>.*"))
                .anyMatch(line -> line.startsWith("<4>" + conf + ":3:1: warning: "))
                .anyMatch(line -> line.startsWith("<3>" + conf + ":4:9: error: "));
        assertThat(run(true, "--nonsense").err)
                .isEqualTo("<3>Error: unknown option \"--nonsense\"\n<3>For the options, see --help.\n");
    }

    @Test
    void problem_on_the_command_line_shows_the_command_line() {
        Run run = run("--domain=example.org", "--selector=s", "--keyfile=/missing", "127.0.0.1:0", "127.0.0.1:2");

        assertThat(run.code).isEqualTo(1);
        assertThat(run.err)
                .contains("command line:1:45: error: cannot read key file ")
                .contains("    --domain=example.org --selector=s --keyfile=/missing 127.0.0.1:0 127.0.0.1:2\n");
    }

    @Test
    void port_in_use_is_said_in_one_line() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            Run run = run(signing(address, "127.0.0.1:2"));

            assertThat(run.code).isEqualTo(1);
            assertThat(run.err)
                    .contains("Error: cannot listen on " + address + ": ")
                    .doesNotContain("\tat ");
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM", "INT"})
    void signal_ends_the_process_with_success(String signal) throws Exception {
        try (ServerSocket relay = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<String> command = new ArrayList<>(List.of(
                    // a shell that starts these tests in the background has them ignore INT
                    "env",
                    "--default-signal=INT",
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    DkimproxyOut.class.getName()));
            command.addAll(Arrays.asList(signing("127.0.0.1:0", "127.0.0.1:" + relay.getLocalPort())));
            Process process = new ProcessBuilder(command).start();
            try (BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
                String line = err.readLine();
                while (line != null && !line.startsWith("listening on ")) {
                    line = err.readLine();
                }
                assertThat(line).matches("listening on 127\\.0\\.0\\.1:[0-9]+, relaying to 127\\.0\\.0\\.1:[0-9]+");
                int port = Integer.parseInt(line.replaceAll(".*?:([0-9]+),.*", "$1"));
                try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
                        Socket toRelay = relay.accept()) {
                    toRelay.getOutputStream().write("220 hello\r\n".getBytes(StandardCharsets.US_ASCII));
                    assertThat(err.readLine()).startsWith("connect from 127.0.0.1; session=");
                    assertThat(new String(client.getInputStream().readNBytes(11), StandardCharsets.US_ASCII))
                            .isEqualTo("220 hello\r\n");
                    SignalSender.send(signal, process.pid());

                    assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                            .startsWith("421 4.3.2 ");
                }
                assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isZero();
                assertThat(err.lines().collect(Collectors.toList())).endsWith("stopped");
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private static String[] signing(String listen, String relay) {
        return new String[] {
            "--domain=example.org", "--selector=s", "--keyfile=" + directory.resolve("key.pem"), listen, relay
        };
    }

    private record Run(int code, String out, String err) {}

    private static Run run(String... args) {
        return run(false, args);
    }

    private static Run run(boolean isJournal, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = new DkimproxyOut(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new ErrorOutput(new PrintStream(err, true, StandardCharsets.UTF_8), isJournal),
                        () -> Signals.untrapped("in a test"))
                .run(List.of(args));
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
