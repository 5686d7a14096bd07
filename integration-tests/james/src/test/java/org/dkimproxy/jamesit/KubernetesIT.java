package org.dkimproxy.jamesit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.dkimproxy.interop.TestKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What the guide says of Kubernetes, done as Docker and a kubelet do it. */
class KubernetesIT {
    private static final int PAUSE_MILLIS = 250;
    private static final int ATTEMPTS = 240;

    @TempDir
    Path folder;

    private SmartHost smartHost;
    private String keygenOutput;

    @BeforeEach
    void start() throws Exception {
        Court.require();
        smartHost = new SmartHost();
    }

    @AfterEach
    void stop() throws IOException {
        smartHost.close();
    }

    /** A whole James 3.8 with the files of its image, those of the recipe and the secret. */
    @Test
    void the_steps_for_kubernetes_make_an_image_that_starts_and_signs() throws Exception {
        JamesFolder james = image(ConfOfJames.MEMORY_3_8, "-javax.jar");
        append(james, "webadmin.properties", "Web administration");
        append(james, "healthcheck.properties", "Health check");
        try (StockJames running = StockJames.start(james, arguments(), smartHost)) {
            Guide.assertSigned(folder, running.deliver(Guide.MESSAGE), keygenOutput);
            assertThat(running.log()).anyMatch(line -> line.contains("DKIM signing - signed; "));
            String metrics = running.webAdmin("/metrics");
            assertThat(metrics.lines()).contains("dkimproxy_signed_total 1.0");
            assertThat(Guide.metrics())
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(metrics).contains("\n" + name + " "));
            assertThat(running.webAdmin("/healthcheck/checks/DkimSigning")).contains("\"status\":\"healthy\"");
            assertThat(running.webAdmin("/dkimproxy/sender/joe@example.org")).contains("\"outcome\":\"signed\"");
        }
    }

    /** The mailets of the distributed James 3.9 with the files of its image, as far as they are to be had. */
    @Test
    void the_steps_for_kubernetes_fit_the_image_that_they_name() throws Exception {
        JamesFolder james = image(ConfOfJames.DISTRIBUTED_3_9, "-jakarta.jar");
        StockContainer.prepare(james, smartHost);
        try (Container running = Container.start(james)) {
            running.service(Guide.MESSAGE);
        }
        Guide.assertSigned(folder, smartHost.take(1), keygenOutput);
    }

    private JamesFolder image(ConfOfJames base, String jar) throws Exception {
        Path built = folder.resolve("built");
        keygenOutput = Guide.run("Kubernetes", built, command -> command.replace("-jakarta.jar", jar));
        String dockerfile =
                Guide.samples("Kubernetes", "dockerfile").findFirst().orElseThrow();
        Path root = ImageBuild.run(
                        dockerfile.replace("-jakarta.jar", jar), base, built.resolve("image"), folder.resolve("image"))
                .resolve("root");
        assertThat(root.resolve("conf/logback.xml"))
                .content(StandardCharsets.UTF_8)
                .contains(Guide.samples("xml")
                        .filter(sample -> sample.startsWith("<logger "))
                        .findFirst()
                        .orElseThrow()
                        .strip());
        Files.move(built.resolve("dkim"), root.resolve("conf/dkim"));
        MountedSecret.inPlaceOf(root.resolve("conf/dkim"));
        return new JamesFolder(root);
    }

    private static void append(JamesFolder james, String file, String section) throws IOException {
        Files.writeString(
                james.conf(file),
                "\n" + Guide.samples(section, "properties").findFirst().orElseThrow(),
                StandardCharsets.UTF_8,
                StandardOpenOption.APPEND);
    }

    private static List<String> arguments() throws IOException {
        return ((List<?>) container().get("args"))
                .stream().map(String.class::cast).toList();
    }

    /** A secret as Kubernetes mounts it: links to files in a folder that is itself a link, which an update puts elsewhere. */
    @Test
    void maps_and_keys_from_a_secret_are_taken_and_an_update_too() throws Exception {
        String command = Guide.samples("Kubernetes", "sh")
                .filter(sample -> sample.startsWith("kubectl create secret generic "))
                .findFirst()
                .orElseThrow();
        Map<?, ?> volume = (Map<?, ?>) ((List<?>) pod().get("volumes")).getFirst();
        Map<?, ?> container = container();
        Map<?, ?> mount = (Map<?, ?>) ((List<?>) container.get("volumeMounts")).getFirst();
        assertThat(command)
                .contains(" " + at(volume, "secret", "secretName") + " ")
                .contains("--from-file=" + Guide.KUBERNETES + "/dkim");
        assertThat(mount.get("name")).isEqualTo(volume.get("name"));
        assertThat(mount.get("mountPath")).isEqualTo("/root/conf/dkim");
        assertThat(mount.containsKey("subPath")).isFalse();

        JamesFolder james =
                JamesFolder.install(folder.resolve("james"), Shipped.CONF, Shipped.jakarta(), smartHost.port());
        Container.replaceWhatIsNotToBeHad(james);
        TestKeys keys = TestKeys.generate(Files.createDirectory(folder.resolve("keys")));
        Files.copy(keys.rsaFile(), james.conf(SigningRules.SHIPPED_KEY));
        MountedSecret secret = MountedSecret.inPlaceOf(james.conf("dkim"));
        try (Container running = Container.start(james)) {
            running.service(Guide.MESSAGE);
            assertThat(Arrived.of(smartHost.take(1).get("plain")).selectorsOnTop())
                    .containsExactly("2026");
            secret.update("sender_map", map -> map.replace("s=2026", "s=2027"));
            List<String> selectors = List.of("2026");
            for (int attempt = 0; attempt < ATTEMPTS && selectors.equals(List.of("2026")); attempt++) {
                Thread.sleep(PAUSE_MILLIS);
                running.service(Guide.MESSAGE);
                selectors = Arrived.of(smartHost.take(1).get("plain")).selectorsOnTop();
            }
            assertThat(selectors).containsExactly("2027");
        }
    }

    private static Map<?, ?> container() throws IOException {
        return (Map<?, ?>) ((List<?>) pod().get("containers")).getFirst();
    }

    private static Map<?, ?> pod() throws IOException {
        String sample = Guide.samples("Kubernetes", "yaml").findFirst().orElseThrow();
        Object deployment = new Load(LoadSettings.builder().build()).loadFromString(sample);
        return (Map<?, ?>) at((Map<?, ?>) deployment, "spec", "template", "spec");
    }

    private static Object at(Map<?, ?> map, String... path) {
        Object value = map;
        for (String name : path) {
            value = ((Map<?, ?>) value).get(name);
        }
        return value;
    }
}
