package org.dkimproxy.jamesit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.dkimproxy.interop.TestKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
        return Guide.samples("xml");
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
            container.service(Guide.MESSAGE);
        }
        assertThat(Arrived.of(smartHost.take(1).get("plain")).selectorsOnTop()).isEqualTo(selectors);
    }

    /** The steps for James 3.9 after James was unpacked, and a James that runs with what they leave. */
    @Test
    void the_steps_for_a_new_james_make_one_that_signs() throws Exception {
        Path root = unpacked();
        String output = Guide.run("James 3.9", root);
        assertThat(root.resolve("conf/imapserver.xml")).doesNotExist();
        JamesFolder james = JamesFolder.installed(root, smartHost.port());
        Container.replaceWhatIsNotToBeHad(james);
        Guide.assertSigns(folder, james, output, smartHost);
    }

    /** The steps for James 3.8 differ by the jar. */
    @Test
    void the_steps_for_james_3_8_leave_the_other_jar() throws Exception {
        Path root = unpacked();
        Guide.run("James 3.8", root);
        assertThat(root.resolve("extensions-jars"))
                .isDirectoryContaining(file -> file.getFileName().equals(javaxName()));
        assertThat(root.resolve("conf/mailetcontainer.xml"))
                .hasSameBinaryContentAs(Shipped.CONF.resolve("mailetcontainer.xml"));
        assertThat(root.resolve("conf/imapserver.xml")).doesNotExist();
        assertThat(root.resolve("conf").resolve(SigningRules.SHIPPED_KEY)).exists();
    }

    /** A James with a conf folder that knows nothing of the mailet. */
    @Test
    void the_steps_for_a_james_that_runs_make_it_sign() throws Exception {
        Path root = unpacked();
        for (String file : List.of("mailetcontainer.xml", "smtpserver.xml")) {
            Files.copy(
                    Shipped.CONF.resolve(file),
                    root.resolve("conf").resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        JamesFolder james = JamesFolder.installed(root, smartHost.port());
        SigningRules.replaceMailet(james, "");
        String output = Guide.run("A James that runs already", root);
        String mailet =
                Guide.samples("A James that runs already", "xml").findFirst().orElseThrow();
        james.replace("mailetcontainer.xml", DELIVERY, mailet + DELIVERY);
        Container.replaceWhatIsNotToBeHad(james);
        Guide.assertSigns(folder, james, output, smartHost);
    }

    /** The folder that the archive of James leaves: it has a conf folder of its own. */
    private Path unpacked() throws IOException {
        Path root = folder.resolve("srv");
        Path conf = Files.createDirectories(root.resolve("conf"));
        Files.writeString(conf.resolve("imapserver.xml"), "<imapservers/>\n", StandardCharsets.UTF_8);
        Files.writeString(conf.resolve("mailetcontainer.xml"), "<mailetcontainer/>\n", StandardCharsets.UTF_8);
        return root;
    }

    private static Path javaxName() {
        try {
            return Shipped.javax().getFileName();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private JamesFolder install() throws IOException {
        JamesFolder james =
                JamesFolder.install(folder.resolve("james"), Shipped.CONF, Shipped.jakarta(), smartHost.port());
        Container.replaceWhatIsNotToBeHad(james);
        return james;
    }
}
