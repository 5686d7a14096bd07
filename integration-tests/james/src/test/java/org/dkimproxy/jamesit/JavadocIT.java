package org.dkimproxy.jamesit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dkimproxy.interop.TestKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The samples in the Javadoc of the mailet work as they stand, but for folders and ports. */
class JavadocIT {
    private static final Path MAILET =
            Path.of("../../mailet/james/src/main/java/org/dkimproxy/james/SignWithSenderMap.java");
    private static final String RELAY = "(?s)<processor state=\"relay\">.*?</processor>";
    private static final String OUTGOING = "<outgoing>outgoing</outgoing>";

    @TempDir
    Path folder;

    private SmartHost smartHost;
    private JamesFolder james;
    private Path key;

    @BeforeEach
    void install() throws Exception {
        smartHost = new SmartHost();
        james = JamesFolder.install(folder.resolve("james"), Shipped.CONF, Shipped.jakarta(), smartHost.port());
        key = TestKeys.generate(Files.createDirectory(folder.resolve("keys"))).rsaFile();
        Files.createDirectory(james.conf("keys"));
        Files.copy(key, james.conf("keys/example.org.key"));
        Files.writeString(
                james.conf("sender_map"),
                samples()
                        .filter(sample -> !sample.contains("<"))
                        .reduce((one, other) -> {
                            throw new AssertionError("more than one map");
                        })
                        .orElseThrow()
                        .replace("/etc/dkim/news.key", key.toString()),
                StandardCharsets.UTF_8);
    }

    @AfterEach
    void stop() throws IOException {
        smartHost.close();
    }

    @Test
    void the_processor_signs_by_the_map() throws Exception {
        String processor = samples()
                .filter(sample -> sample.startsWith("<processor"))
                .findFirst()
                .orElseThrow();
        Path conf = james.conf("mailetcontainer.xml");
        Files.writeString(
                conf,
                Files.readString(conf, StandardCharsets.UTF_8)
                        .replaceFirst(
                                RELAY,
                                processor.replace(
                                        OUTGOING, "<gateway>127.0.0.1:" + smartHost.port() + "</gateway>" + OUTGOING)),
                StandardCharsets.UTF_8);

        assertThat(selectorsFor("joe@example.org")).containsExactly("2026");
    }

    @Test
    void the_map_signs_for_one_address_otherwise() throws Exception {
        SigningRules.replaceMailet(
                james,
                "<mailet match=\"All\" class=\"org.dkimproxy.james.SignWithSenderMap\">"
                        + "<sender_map>file://conf/sender_map</sender_map></mailet>");

        assertThat(selectorsFor("news@example.org")).containsExactly("news");
    }

    static Stream<String> mailets() throws IOException {
        return samples().filter(sample -> sample.startsWith("<mailet"));
    }

    @ParameterizedTest
    @MethodSource("mailets")
    void a_mailet_signs(String sample) throws Exception {
        Path conf = folder.resolve("dkimproxy_out.conf");
        Files.writeString(conf, "domain example.org\nselector 2026\nkeyfile " + key + "\n", StandardCharsets.UTF_8);
        SigningRules.replaceMailet(james, sample.replace("/etc/dkimproxy/dkimproxy_out.conf", conf.toString()));

        assertThat(selectorsFor("joe@example.org")).containsExactly("2026");
    }

    private List<String> selectorsFor(String sender) throws Exception {
        Container.replaceWhatIsNotToBeHad(james);
        try (Container container = Container.start(james)) {
            container.service(Case.of("any", sender, "From: " + sender + "\r\nSubject: x\r\n\r\nHi\r\n"));
        }
        return Arrived.of(smartHost.take(1).get("any")).selectorsOnTop();
    }

    private static Stream<String> samples() throws IOException {
        return Pattern.compile("(?s)<pre><code>\n(.*?) \\* </code></pre>")
                .matcher(Files.readString(MAILET, StandardCharsets.UTF_8))
                .results()
                .map(sample -> sample.group(1)
                        .replaceAll("(?m)^ \\* ", "")
                        .replace("&lt;", "<")
                        .replace("&gt;", ">"));
    }
}
