package org.dkimproxy.jamesit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    private static final String DELIVERY = "<mailet match=\"All\" class=\"RemoteDelivery\">";

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
        return Guide.samples("xml").filter(sample -> sample.startsWith("<mailet "));
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
        List<String> selectors = sample.contains("s=other") ? List.of("2026", "other") : List.of("2026");
        try (Container container = Container.start(james)) {
            container.service(Guide.MESSAGE);
        }
        assertThat(Arrived.of(smartHost.take(1).get("plain")).selectorsOnTop()).isEqualTo(selectors);
    }

    /** The steps for James 3.9 after James was unpacked, and a James that runs with what they leave. */
    @Test
    void the_steps_for_a_new_james_make_one_that_signs() throws Exception {
        Path root = unpacked(ConfOfJames.MEMORY_3_9);
        String output = Guide.run("Set up a relay with James 3.9", root);
        assertThat(root.resolve("conf/imapserver.xml")).doesNotExist();
        JamesFolder james = JamesFolder.installed(root, smartHost.port());
        Container.replaceWhatIsNotToBeHad(james);
        Guide.assertSigns(folder, james, output, smartHost);
    }

    /** Those for James 3.8 leave the other jar. A whole James with the same files is started in {@link RelayIT}. */
    @Test
    void the_steps_for_james_3_8_leave_the_other_jar_and_a_key_for_the_group() throws Exception {
        Path root = unpacked(ConfOfJames.MEMORY_3_8);
        Guide.run("Set up a relay with James 3.8", root);
        assertThat(root.resolve("extensions-jars").resolve(Shipped.javax().getFileName()))
                .exists();
        assertThat(root.resolve("conf/mailetcontainer.xml"))
                .hasSameBinaryContentAs(Shipped.CONF.resolve("mailetcontainer.xml"));
        assertThat(root.resolve("conf/imapserver.xml")).doesNotExist();
        assertThat(Files.getPosixFilePermissions(root.resolve("conf").resolve(SigningRules.SHIPPED_KEY)))
                .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
    }

    /** The distributed James, with a conf folder that knows nothing of the mailet. */
    @Test
    void the_steps_for_a_james_that_runs_make_it_sign() throws Exception {
        Path root = unpacked(ConfOfJames.DISTRIBUTED_3_9);
        String section = "Add the mailet to a James server";
        String output = Guide.run(section, root);
        JamesFolder james = new JamesFolder(root);
        String mailet = Guide.samples(section, "xml").findFirst().orElseThrow();
        james.replace("mailetcontainer.xml", DELIVERY, mailet + DELIVERY);
        StockContainer.prepare(james, smartHost);
        Guide.assertSigns(folder, james, output, smartHost);
    }

    /** There is no Docker on the machines that run the tests. */
    @Test
    void the_compose_file_mounts_what_the_steps_leave() throws Exception {
        Path root = unpacked(ConfOfJames.MEMORY_3_9);
        Guide.run("Set up a relay with James 3.9", root);
        Path file = root.resolve("conf/docker-compose.yml");
        Map<?, ?> compose = (Map<?, ?>)
                new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file, StandardCharsets.UTF_8));
        Map<?, ?> james = (Map<?, ?>) ((Map<?, ?>) compose.get("services")).get("james");
        assertThat(james.get("image")).asString().startsWith("apache/james:memory-3.9");
        assertThat(james.get("network_mode")).isEqualTo("host");
        Map<String, Path> mounts = ((List<?>) james.get("volumes"))
                .stream()
                        .map(volume -> ((String) volume).split(":", -1))
                        .collect(Collectors.toMap(
                                words -> words[1],
                                words -> file.resolveSibling(words[0]).normalize()));
        assertThat(mounts)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "/root/conf", root.resolve("conf"), "/root/extensions-jars", root.resolve("extensions-jars")));
        assertThat(mounts.values()).allSatisfy(folder -> assertThat(folder).isNotEmptyDirectory());
    }

    /** The folder that the archive of James leaves: it has a conf folder of its own. */
    private Path unpacked(ConfOfJames shipped) throws IOException {
        Path root = Files.createDirectories(folder.resolve("srv"));
        shipped.copyArchive(root.resolve("conf"));
        return root;
    }

    private JamesFolder install() throws IOException {
        JamesFolder james =
                JamesFolder.install(folder.resolve("james"), Shipped.CONF, Shipped.jakarta(), smartHost.port());
        Container.replaceWhatIsNotToBeHad(james);
        return james;
    }
}
