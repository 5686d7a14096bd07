package org.dkimproxy.jamesit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
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

    @BeforeEach
    void start() throws Exception {
        Court.require();
        smartHost = new SmartHost();
    }

    @AfterEach
    void stop() throws IOException {
        smartHost.close();
    }

    /** The image is made of what the commands leave, and the secret is mounted where the deployment says. */
    @Test
    void the_steps_for_kubernetes_make_an_image_and_a_secret_that_sign() throws Exception {
        Path built = folder.resolve("built");
        String output = Guide.run("Kubernetes", built);
        Path root = Files.createDirectories(folder.resolve("image/conf")).getParent();
        for (String line : Guide.samples("Kubernetes", "dockerfile")
                .findFirst()
                .orElseThrow()
                .lines()
                .toList()) {
            if (line.startsWith("COPY ")) {
                copyAsDocker(built, List.of(line.substring("COPY ".length()).split(" ", -1)), root);
            }
        }
        assertThat(root.resolve("conf/smtpserver.xml"))
                .content(StandardCharsets.UTF_8)
                .contains(
                        "<bind>0.0.0.0:25</bind>",
                        "<authorizedAddresses>127.0.0.1/32,10.42.0.0/16</authorizedAddresses>");
        assertThat(root.resolve("conf/mailetcontainer.xml"))
                .content(StandardCharsets.UTF_8)
                .contains("cassandra://")
                .doesNotContain("memory://");
        Files.move(built.resolve("dkim"), root.resolve("conf/dkim"));
        MountedSecret.inPlaceOf(root.resolve("conf/dkim"));
        JamesFolder james = new JamesFolder(root);
        james.replace("mailetcontainer.xml", "127.0.0.1:10028", "127.0.0.1:" + smartHost.port());
        Container.replaceWhatIsNotToBeHad(james);
        Guide.assertSigns(folder, james, output, smartHost);
    }

    /** Copies the files that the first words name, asterisks and all, into the folder of the image that the last one names. */
    private static void copyAsDocker(Path context, List<String> words, Path image) throws IOException {
        assertThat(words.getLast()).startsWith("/root/").endsWith("/");
        Path target = Files.createDirectories(image.resolve(words.getLast().substring("/root/".length())));
        for (String pattern : words.subList(0, words.size() - 1)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(context, pattern)) {
                List<Path> found =
                        StreamSupport.stream(files.spliterator(), false).toList();
                assertThat(found).as(pattern).isNotEmpty();
                for (Path file : found) {
                    Files.copy(file, target.resolve(file.getFileName()));
                }
            }
        }
    }

    /** A secret as Kubernetes mounts it: links to files in a folder that is itself a link, which an update puts elsewhere. */
    @Test
    void maps_and_keys_from_a_secret_are_taken_and_an_update_too() throws Exception {
        String command = Guide.samples("Kubernetes", "sh")
                .filter(sample -> sample.startsWith("kubectl create secret generic "))
                .findFirst()
                .orElseThrow();
        Map<?, ?> pod = (Map<?, ?>) at(deployment(), "spec", "template", "spec");
        Map<?, ?> volume = (Map<?, ?>) ((List<?>) pod.get("volumes")).getFirst();
        Map<?, ?> container = (Map<?, ?>) ((List<?>) pod.get("containers")).getFirst();
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

    private static Map<?, ?> deployment() throws IOException {
        String sample = Guide.samples("Kubernetes", "yaml").findFirst().orElseThrow();
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(sample);
    }

    private static Object at(Map<?, ?> map, String... path) {
        Object value = map;
        for (String name : path) {
            value = ((Map<?, ?>) value).get(name);
        }
        return value;
    }
}
