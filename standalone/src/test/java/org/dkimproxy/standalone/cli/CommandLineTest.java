package org.dkimproxy.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.standalone.config.ProxyOptions;
import org.dkimproxy.standalone.config.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @ParameterizedTest
    @CsvSource(
            value = {
                "--selector=s1               | selector=s1",
                "--selector s1               | selector=s1",
                "--Selector=s1               | selector=s1",
                "--selector=a=b              | selector=a=b",
                "--selector=                 | selector=",
                "--reject_error              | reject_error=1",
                "--reject-error              | reject_error=1",
                "--reject_error=0            | reject_error=0",
                "--dkim-method relaxed       | dkim_method=relaxed",
                "--background                | daemonize=1",
                "--setsid                    | daemonize=1",
                "--pid_file=x                | pidfile=x",
                "--signature=dkim --signature domainkeys | signature=dkim signature=domainkeys",
                "--selector -s1              | selector=-s1",
                "selector=s1                 | selector=s1",
                "selector s1                 | selector=s1",
                "reject-error pid_file=x     | reject_error=1 pidfile=x",
                "--no_client_stdout          | no_client_stdout=1",
                "--no_client_stdout --strict | no_client_stdout=1 strict=1",
                "--no_client_stdout 0        | no_client_stdout=0",
                "--no_client_stdout=1        | no_client_stdout=1",
                "no_client_stdout            | no_client_stdout=1",
                "--reverse_lookups double    | reverse_lookups=double",
                "--reverse_lookups 1         | reverse_lookups=1",
            },
            delimiter = '|')
    void options_and_their_forms(String words, String options) throws UsageException {
        CommandLine commandLine = parse(words);

        assertThat(commandLine.options().stream().map(CommandLineTest::shown)).containsExactly(options.split(" ", -1));
        assertThat(commandLine.arguments()).isEmpty();
    }

    @Test
    void what_is_no_option_is_an_argument() throws UsageException {
        CommandLine commandLine = parse("127.0.0.1:1 --strict [::1]:2 -- --selector");

        assertThat(commandLine.arguments().stream().map(SourceText::text))
                .containsExactly("127.0.0.1:1", "[::1]:2", "--selector");
        assertThat(commandLine.options()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"relay", "a:1 relay", "a:1 relay=b c:2", "selectr=x", "-- selector=s1"})
    void a_name_without_hyphens_is_an_argument_where_it_can_be_nothing_else(String words) throws UsageException {
        List<String> arguments = new ArrayList<>(List.of(words.split(" ")));
        arguments.remove("relay=b");
        arguments.remove("--");

        assertThat(parse(words).arguments().stream().map(SourceText::text)).containsExactlyElementsOf(arguments);
    }

    @Test
    void a_switch_of_the_pool_takes_no_address_for_its_value() throws UsageException {
        for (String name : List.of(
                "no_client_stdout",
                "no_close_by_child",
                "leave_children_open_on_hup",
                "child_communication",
                "tie_client_stdout",
                "reverse_lookups",
                "double_reverse_lookups")) {
            CommandLine commandLine = parse("--" + name + " 127.0.0.1:1 127.0.0.1:2");

            assertThat(commandLine.arguments()).as(name).hasSize(2);
            assertThat(commandLine.options().stream().map(CommandLineTest::shown))
                    .containsExactly(name + "=1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-?", "-h", "-help", "--?", "--h"})
    void help_is_asked_for_in_many_ways(String word) throws UsageException {
        assertThat(parse("--domain=x " + word).request()).isEqualTo(CommandLine.Request.HELP);
    }

    @Test
    void tools_take_names_for_files() throws UsageException {
        CommandLine commandLine = CommandLine.parse(List.of("selector", "domain=x"), ProxyOptions.TABLE, false);

        assertThat(commandLine.options()).isEmpty();
        assertThat(commandLine.arguments()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "--frobnicate          | unknown option \"--frobnicate\"",
                "--sendermap=x         | unknown option \"--sendermap\"; did you mean --sender_map?",
                "--frobnicate=1        | unknown option \"--frobnicate\"",
                "-x                    | unknown option \"-x\"; options begin with --",
                "-listen=1             | unknown option \"-listen\"; options begin with --",
                "--listen              | option --listen needs a value: ADDR:PORT",
                "--selector --strict   | option --selector needs a value: NAME",
            },
            delimiter = '|')
    void faults(String words, String message) {
        assertThatThrownBy(() -> parse(words))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"--help", "-?", "--strict --help", "a b c -?"})
    void help_is_wanted(String words) throws UsageException {
        assertThat(parse(words).request()).isEqualTo(CommandLine.Request.HELP);
    }

    @ParameterizedTest
    @CsvSource({"--version", "--strict --version", "--version --help"})
    void version_is_wanted(String words) throws UsageException {
        assertThat(parse(words).request()).isEqualTo(CommandLine.Request.VERSION);
    }

    @Test
    void value_knows_its_place() throws UsageException {
        ConfOption option = parse("a:1 --selector s1 --keyfile=k").options().getLast();

        assertThat(option.value().position()).hasToString("command line:1:29");
        assertThat(option.value().lineText()).isEqualTo("a:1 --selector s1 --keyfile=k");
        assertThat(option.value().error("X", "Y")).hasToString("""
            command line:1:29: error: found X, expected Y
                a:1 --selector s1 --keyfile=k
                                            ^\
            """);
    }

    private static CommandLine parse(String words) throws UsageException {
        return CommandLine.parse(List.of(words.split(" ")), ProxyOptions.TABLE, true);
    }

    private static String shown(ConfOption option) {
        return option.name() + "=" + option.value().text();
    }
}
