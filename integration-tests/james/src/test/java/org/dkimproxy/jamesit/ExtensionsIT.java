package org.dkimproxy.jamesit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.james.core.healthcheck.HealthCheck;
import org.apache.james.core.healthcheck.Result;
import org.apache.james.webadmin.Routes;
import org.dkimproxy.interop.TestKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import spark.Service;

/** The health check and the routes in the jakarta jar, made by the Guice of James 3.9, with its metrics and its Spark. */
class ExtensionsIT {
    private static final String MAILET_CLASS = "org.dkimproxy.james.SignWithSenderMap";

    @TempDir
    Path folder;

    private SmartHost smartHost;
    private JamesFolder james;

    @BeforeEach
    void install() throws Exception {
        smartHost = new SmartHost();
        james = JamesFolder.install(folder.resolve("james"), Shipped.CONF, Shipped.jakarta(), smartHost.port());
        SigningRules.install(james, TestKeys.generate(Files.createDirectory(folder.resolve("keys"))));
        Container.replaceWhatIsNotToBeHad(james);
        // a configuration of its own in another processor
        Path conf = james.conf("mailetcontainer.xml");
        String text = Files.readString(conf, StandardCharsets.UTF_8);
        String second = "<processor state=\"bounces\"><mailet match=\"All\" class=\"" + MAILET_CLASS + "\">"
                + "<sender_map>file://conf/dkim/sender_map</sender_map></mailet>";
        assertThat(text).containsOnlyOnce("<processor state=\"bounces\">");
        Files.writeString(conf, text.replace("<processor state=\"bounces\">", second), StandardCharsets.UTF_8);
    }

    @AfterEach
    void close() throws IOException {
        smartHost.close();
    }

    @ParameterizedTest(name = "DomainList: {0}")
    @ValueSource(booleans = {true, false})
    void health_check_routes_and_gauge_know_the_mailets_of_all_processors(boolean domainList) throws Exception {
        String[] domains = domainList ? new String[] {"localhost"} : new String[0];
        try (Container container = Container.start(james, domains)) {
            HealthCheck health = container.extension(HealthCheck.class, "org.dkimproxy.james.SigningHealthCheck");
            assertThat(check(health).getCause()).isEmpty();
            assertThat(check(health).isHealthy()).isTrue();
            assertThat(health.componentName().getName()).isEqualTo("DkimSigning");
            assertThat((long) container.gauge("dkimproxy.configuration.fingerprint"))
                    .isPositive();

            Service spark = Service.ignite().ipAddress("127.0.0.1").port(0);
            try {
                container
                        .extension(Routes.class, "org.dkimproxy.james.webadmin.SigningRoutes")
                        .define(spark);
                spark.awaitInitialization();
                WebAdminClient admin =
                        new WebAdminClient(new InetSocketAddress(InetAddress.getLoopbackAddress(), spark.port()));
                assertThat(admin.get("/dkimproxy/sender/joe+tag@example.org").body())
                        .contains("\"processor\":\"relay\"", "\"processor\":\"bounces\"", "\"selector\":\"2026\"");
                assertThat(admin.post("/dkimproxy/reload").status()).isEqualTo(200);

                Files.writeString(
                        james.conf("dkim/sender_map"),
                        "example.com dkmi\n",
                        StandardCharsets.UTF_8,
                        StandardOpenOption.APPEND);
                WebAdminClient.Answer refused = admin.post("/dkimproxy/reload");
                assertThat(refused.status()).isEqualTo(409);
                assertThat(refused.body()).contains("relay: file://conf/dkim/sender_map:", "bounces: file://conf/");
                assertThat(check(health).isDegraded()).isTrue();
                assertThat(container.metrics().countFor("dkimproxy.reloads.failed"))
                        .isGreaterThanOrEqualTo(2);
            } finally {
                spark.stop();
                spark.awaitStop();
            }
        }
    }

    private static Result check(HealthCheck health) {
        return Mono.from(health.check()).block();
    }
}
