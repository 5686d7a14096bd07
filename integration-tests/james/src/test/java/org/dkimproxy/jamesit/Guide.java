package org.dkimproxy.jamesit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dkimproxy.interop.DnsRecords;
import org.dkimproxy.interop.Programs;

/** The guide in the conf folder, and what its reader does. */
final class Guide {
    /** The folder that the steps for Kubernetes make. */
    static final String KUBERNETES = "james-kubernetes";

    /** What the key of the steps has to sign. */
    static final Case MESSAGE =
            Case.of("plain", "joe@example.org", "From: joe@example.org\r\nSubject: x\r\n\r\nHi\r\n", Cases.SHIPPED);

    private static final String JAMES = "/srv/james";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Guide() {}

    /** The samples in a language, in their order. */
    static Stream<String> samples(String language) throws IOException {
        return samplesIn(text(), language);
    }

    /** Those of one section. */
    static Stream<String> samples(String section, String language) throws IOException {
        Matcher text = Pattern.compile("(?ms)^## " + Pattern.quote(section) + "\\b.*?$(.*?)(?=^## |\\z)")
                .matcher(text());
        assertThat(text.find()).as(section).isTrue();
        return samplesIn(text.group(1), language);
    }

    private static String text() throws IOException {
        return Files.readString(Shipped.CONF.resolve("README.md"), StandardCharsets.UTF_8);
    }

    private static Stream<String> samplesIn(String text, String language) {
        return Pattern.compile("(?s)```" + language + "\n(.*?)```")
                .matcher(text)
                .results()
                .map(block -> block.group(1));
    }

    /**
     * Runs the first commands of a section, and returns what they print.
     *
     * @param root in the place of the folder that they work on
     */
    static String run(String section, Path root) throws IOException {
        String commands = samples(section, "sh")
                .findFirst()
                .orElseThrow()
                .replace(JAMES, root.toString())
                .replace(KUBERNETES, root.toString())
                .replace("dkimproxy-keygen ", Shipped.program("dkimproxy-keygen") + " ");
        Programs.Result result = Programs.run(PATIENCE, List.of("sh", "-ec", "cd ../..; " + commands));
        assertThat(result.exit()).as(result.errors()).isZero();
        return result.output();
    }

    /** Fails unless a folder makes a James that signs with the key whose record {@code dkimproxy-keygen} has printed. */
    static void assertSigns(Path folder, JamesFolder james, String outputOfKeygen, SmartHost smartHost)
            throws Exception {
        try (Container container = Container.start(james)) {
            container.service(MESSAGE);
        }
        String record = Pattern.compile("\"([^\"]*)\"")
                .matcher(outputOfKeygen)
                .results()
                .map(text -> text.group(1))
                .collect(Collectors.joining());
        DnsRecords records = new DnsRecords(new TreeMap<>(Map.of(Cases.SHIPPED.recordName(), record)));
        assertThat(Court.judge(folder, records, smartHost.take(1)).refusal("plain", MESSAGE, Cases.SHIPPED))
                .isEmpty();
    }
}
