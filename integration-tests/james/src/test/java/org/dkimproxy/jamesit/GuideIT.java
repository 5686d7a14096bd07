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
import org.dkimproxy.interop.TestKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The samples in the guide of the conf folder work as they stand, but for folders and ports. */
class GuideIT {
    private static final String JAMES = "/srv/james";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PAUSE_MILLIS = 250;
    private static final int ATTEMPTS = 240;
    private static final Case MESSAGE =
            Case.of("plain", "joe@example.org", "From: joe@example.org\r\nSubject: x\r\n\r\nHi\r\n", Cases.SHIPPED);

    @TempDir
    Path folder;

    private TestKeys keys;
    private SmartHost smartHost;

    @BeforeEach
    void start() throws Exception {
        Court.require();
        keys = TestKeys.generate(Files.createDirectory(folder.resolve("keys")));
        smartHost = new SmartHost();
    }

    @AfterEach
    void stop() throws IOException {
        smartHost.close();
    }

    static Stream<String> mailets() throws IOException {
        return samples("xml");
    }

    @ParameterizedTest
    @MethodSource("mailets")
    void a_mailet_signs(String sample) throws Exception {
        JamesFolder james = install();
        Files.copy(keys.rsaFile(), james.conf(SigningRules.SHIPPED_KEY));
        Path conf = folder.resolve("dkimproxy_out.conf");
        Files.writeString(
                conf,
                "listen 127.0.0.1:10027\nrelay 127.0.0.1:10028\ndomain example.org\nselector 2026\nkeyfile "
                        + keys.rsaFile() + "\n",
                StandardCharsets.UTF_8);
        SigningRules.replaceMailet(james, sample.replace("/etc/dkimproxy/dkimproxy_out.conf", conf.toString()));
        List<String> selectors = sample.contains("<signature>") ? List.of("2026", "other") : List.of("2026");
        try (Container container = Container.start(james)) {
            container.service(MESSAGE);
        }
        assertThat(Arrived.of(smartHost.take(1).get("plain")).selectorsOnTop()).isEqualTo(selectors);
    }

    /** The steps for James 3.9, and a James that runs with what they leave. */
    @Test
    void the_steps_for_a_new_james_make_one_that_signs() throws Exception {
        Path root = folder.resolve("srv");
        String output = run(root, "-jakarta.jar");
        JamesFolder james = JamesFolder.installed(root, smartHost.port());
        Container.replaceWhatIsNotToBeHad(james);
        try (Container container = Container.start(james)) {
            container.service(MESSAGE);
        }
        String record = Pattern.compile("\"([^\"]*)\"")
                .matcher(output)
                .results()
                .map(text -> text.group(1))
                .collect(Collectors.joining());
        DnsRecords records = new DnsRecords(new TreeMap<>(Map.of(Cases.SHIPPED.recordName(), record)));
        assertThat(Court.judge(folder, records, smartHost.take(1)).refusal("plain", MESSAGE, Cases.SHIPPED))
                .isEmpty();
    }

    /** The steps for James 3.8 differ by the jar. */
    @Test
    void the_steps_for_james_3_8_leave_the_other_jar() throws Exception {
        Path root = folder.resolve("srv");
        run(root, "-javax.jar");
        assertThat(root.resolve("extensions-jars"))
                .isDirectoryContaining(file -> file.getFileName().equals(javaxName()));
        assertThat(root.resolve("conf/mailetcontainer.xml"))
                .hasSameBinaryContentAs(Shipped.CONF.resolve("mailetcontainer.xml"));
        assertThat(root.resolve("conf").resolve(SigningRules.SHIPPED_KEY)).exists();
    }

    private static Path javaxName() {
        try {
            return Shipped.javax().getFileName();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs the commands that copy a jar with this ending, and returns what they print. */
    private static String run(Path root, String ending) throws IOException {
        String commands = samples("sh")
                .filter(sample -> sample.contains(ending))
                .findFirst()
                .orElseThrow()
                .replace(JAMES, root.toString())
                .replace("dkimproxy-keygen ", Shipped.program("dkimproxy-keygen") + " ");
        Programs.Result result = Programs.run(PATIENCE, List.of("sh", "-ec", "cd ../..; " + commands));
        assertThat(result.exit()).as(result.errors()).isZero();
        return result.output();
    }

    @Test
    void the_image_gets_the_mailet_where_james_looks_for_it() throws Exception {
        String copy = samples("dockerfile")
                .flatMap(String::lines)
                .filter(line -> line.startsWith("COPY "))
                .findFirst()
                .orElseThrow();
        String[] words = copy.split(" ", -1);
        assertThat(Shipped.jakarta().getFileName().toString())
                .matches(words[1].replace(".", "\\.").replace("*", ".*"));
        assertThat(words[2]).isEqualTo("/root/extensions-jars/");
    }

    /** A secret as Kubernetes mounts it: links to files in a folder that is itself a link, which an update puts elsewhere. */
    @Test
    void maps_and_keys_from_a_secret_are_taken_and_an_update_too() throws Exception {
        String command = samples("sh")
                .filter(sample -> sample.startsWith("kubectl create secret generic "))
                .findFirst()
                .orElseThrow();
        Map<?, ?> pod = (Map<?, ?>) at(deployment(), "spec", "template", "spec");
        Map<?, ?> volume = (Map<?, ?>) ((List<?>) pod.get("volumes")).getFirst();
        Map<?, ?> container = (Map<?, ?>) ((List<?>) pod.get("containers")).getFirst();
        Map<?, ?> mount = (Map<?, ?>) ((List<?>) container.get("volumeMounts")).getFirst();
        assertThat(command)
                .contains(" " + at(volume, "secret", "secretName") + " ")
                .contains("--from-file=conf/dkim");
        assertThat(mount.get("name")).isEqualTo(volume.get("name"));
        assertThat(mount.get("mountPath")).isEqualTo("/root/conf/dkim");
        assertThat(mount.containsKey("subPath")).isFalse();

        JamesFolder james = install();
        Files.copy(keys.rsaFile(), james.conf(SigningRules.SHIPPED_KEY));
        MountedSecret secret = MountedSecret.inPlaceOf(james.conf("dkim"));
        try (Container running = Container.start(james)) {
            running.service(MESSAGE);
            assertThat(Arrived.of(smartHost.take(1).get("plain")).selectorsOnTop())
                    .containsExactly("2026");
            secret.update("sender_map", map -> map.replace("s=2026", "s=2027"));
            List<String> selectors = List.of("2026");
            for (int attempt = 0; attempt < ATTEMPTS && selectors.equals(List.of("2026")); attempt++) {
                Thread.sleep(PAUSE_MILLIS);
                running.service(MESSAGE);
                selectors = Arrived.of(smartHost.take(1).get("plain")).selectorsOnTop();
            }
            assertThat(selectors).containsExactly("2027");
        }
    }

    private static Map<?, ?> deployment() throws IOException {
        String sample = samples("yaml").findFirst().orElseThrow();
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(sample);
    }

    private static Object at(Map<?, ?> map, String... path) {
        Object value = map;
        for (String name : path) {
            value = ((Map<?, ?>) value).get(name);
        }
        return value;
    }

    private JamesFolder install() throws IOException {
        JamesFolder james =
                JamesFolder.install(folder.resolve("james"), Shipped.CONF, Shipped.jakarta(), smartHost.port());
        Container.replaceWhatIsNotToBeHad(james);
        return james;
    }

    private static Stream<String> samples(String language) throws IOException {
        Matcher blocks = Pattern.compile("(?s)```" + language + "\n(.*?)```")
                .matcher(Files.readString(Shipped.CONF.resolve("README.md"), StandardCharsets.UTF_8));
        return blocks.results().map(block -> block.group(1));
    }
}
