package org.dkimproxy.jamesit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
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
    private static final String PROGRAM = "-jar " + JAMES + "/james-server-memory-app.jar";
    private static final String GROUP = "--group=james";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Guide() {}

    /** The samples in a language, in their order. */
    static Stream<String> samples(String language) throws IOException {
        return samplesIn(text(), language);
    }

    /** Those of one section, with its subsections. */
    static Stream<String> samples(String section, String language) throws IOException {
        return samplesIn(section(section), language);
    }

    private static String section(String section) throws IOException {
        Matcher text = Pattern.compile("(?ms)^(#+) " + Pattern.quote(section) + "$(.*?)(?=^(?!\\1#)##|\\z)")
                .matcher(text());
        assertThat(text.find()).as(section).isTrue();
        return text.group(2);
    }

    /** The exported names of all metrics. */
    static Set<String> metrics() throws IOException {
        return Pattern.compile("(?m)^\\| .*$")
                .matcher(section("Metrics"))
                .results()
                .flatMap(row -> Pattern.compile("`(dkimproxy_\\w+)`")
                        .matcher(row.group())
                        .results())
                .map(name -> name.group(1))
                .collect(Collectors.toSet());
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
        return run(section, root, UnaryOperator.identity());
    }

    /**
     * Runs them with a change.
     *
     * @param root in the place of the folder that they work on
     */
    static String run(String section, Path root, UnaryOperator<String> change) throws IOException {
        Shipped.program("dkimproxy-keygen");
        String commands = change.apply(samples(section, "sh").findFirst().orElseThrow())
                .replace(JAMES, root.toString())
                .replace(KUBERNETES, root.toString())
                .replace(GROUP, "--group=" + ownGroup());
        Programs.Result result = Programs.run(PATIENCE, List.of("sh", "-ec", "cd ../..; " + commands));
        assertThat(result.exit()).as(result.errors()).isZero();
        return result.output();
    }

    /**
     * The command that starts James, with the jars from the registry in the place of the one that the archive of James has.
     *
     * @param root in the place of the folder of James
     */
    static List<String> start(Path root) throws IOException {
        String sample = samples("Add the mailet to a James server", "sh")
                .filter(text -> text.startsWith("java "))
                .findFirst()
                .orElseThrow();
        assertThat(sample).contains(PROGRAM);
        String program = String.join(" ", RunningJames.program(Shipped.JAMES));
        List<String> command = new ArrayList<>(List.of(sample.replace(PROGRAM, program)
                .replace("\\\n", " ")
                .replace(JAMES, root.toString())
                .strip()
                .split("\\s+", -1)));
        command.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(1, OwnName.flags(root));
        return command;
    }

    private static String ownGroup() throws IOException {
        return Programs.run(PATIENCE, List.of("id", "-gn")).output().strip();
    }

    /** Fails unless a folder makes a James that signs with the key whose record {@code dkimproxy-keygen} has printed. */
    static void assertSigns(Path folder, JamesFolder james, String outputOfKeygen, SmartHost smartHost)
            throws Exception {
        try (Container container = Container.start(james)) {
            container.service(MESSAGE);
        }
        assertSigned(folder, smartHost.take(1), outputOfKeygen);
    }

    /** Fails unless {@link #MESSAGE} has arrived signed with the key whose record {@code dkimproxy-keygen} has printed. */
    static void assertSigned(Path folder, Map<String, byte[]> arrived, String outputOfKeygen) throws Exception {
        String record = Pattern.compile("\"([^\"]*)\"")
                .matcher(outputOfKeygen)
                .results()
                .map(text -> text.group(1))
                .collect(Collectors.joining());
        DnsRecords records = new DnsRecords(new TreeMap<>(Map.of(Cases.SHIPPED.recordName(), record)));
        assertThat(Court.judge(folder, records, arrived).refusal("plain", MESSAGE, Cases.SHIPPED))
                .isEmpty();
    }
}
