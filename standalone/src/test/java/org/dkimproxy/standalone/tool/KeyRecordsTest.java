package org.dkimproxy.standalone.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.signing.key.PemKeyParser;
import org.dkimproxy.testkit.PrivateKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mistakes in the DNS, as people make them, and what {@code dkimproxy-check --dns} says of each. */
class KeyRecordsTest {
    @TempDir
    Path folder;

    /** In all tests, since the resolver remembers what it was told of a name. */
    private static int selectors;

    @Test
    void each_mistake_is_named_with_the_record_to_publish() throws Exception {
        String record = recordOf("key.pem");
        String other = recordOf("other.pem");

        assertFault("no record", "", record);
        assertFault(
                "the record has quotation marks in it, which are part of the zone file and not of the record",
                "",
                record,
                '"' + record + '"');
        assertFault(
                "the record is cut off: p= has 237 of " + (record.length() - 18)
                        + " characters (a string has at most 255; split it)",
                "",
                record,
                record.substring(0, 255));
        assertFault(
                "no record, but one at NAME.example.org: end the name with a dot in the zone file",
                ".example.org",
                record,
                record);
        assertFault("the record has another key", "", record, other);
        assertSays(": the record fits the key (key file " + folder.resolve("key.pem") + ")", "", record);
    }

    @Test
    void server_that_refuses_or_is_silent_is_named() throws Exception {
        PrivateKeys.writeNewRsa(folder.resolve("key.pem"));
        for (String[] failure :
                new String[][] {{"REFUSED", "REFUSED"}, {"SERVFAIL", "SERVFAIL"}, {"SILENCE", "network error"}}) {
            assertSays(": no answer from the DNS server SERVER: " + failure[1], "", failure[0]);
        }
    }

    /** @param nameEnd what follows the name of the record in the DNS, by mistake */
    private void assertFault(String text, String nameEnd, String rightRecord, String... records) throws Exception {
        String name = "s" + (selectors + 1) + "._domainkey.example.org";
        assertSays(
                ": " + text.replace("NAME", name) + " (key file " + folder.resolve("key.pem") + "); publish: "
                        + ZoneLine.of(name, rightRecord),
                nameEnd,
                records);
    }

    private String recordOf(String keyFile) throws Exception {
        byte[] key = Files.readAllBytes(PrivateKeys.writeNewRsa(folder.resolve(keyFile)));
        return PemKeyParser.read(key, Optional.empty())
                .publishedKey()
                .orElseThrow()
                .record();
    }

    private void assertSays(String line, String nameEnd, String... records) throws Exception {
        // another name each time, since answers are cached
        String selector = "s" + ++selectors;
        String name = selector + "._domainkey.example.org";
        Path conf = Files.writeString(
                folder.resolve("check.conf"),
                "listen 127.0.0.1:1\nrelay 127.0.0.1:2\ndomain example.org\nkeyfile " + folder.resolve("key.pem")
                        + "\nselector " + selector + "\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (FakeDns dns = new FakeDns();
                PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            dns.put(name + nameEnd, records);
            new DkimproxyCheck(stream, stream, Duration.ofMillis(300), List.of())
                    .run(List.of("--dns", "--dns-server=" + dns.address(), conf.toString()));
            assertThat(out.toString(StandardCharsets.UTF_8)
                            .replace(dns.address(), "SERVER")
                            .lines()
                            .map(said -> said.replaceFirst("^(error|warning): ", "")))
                    .contains(name + line);
        }
    }
}
