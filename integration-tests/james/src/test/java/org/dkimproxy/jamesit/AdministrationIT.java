package org.dkimproxy.jamesit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dkimproxy.interop.TestKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The health check, the metrics and the routes of webadmin in a whole James 3.8. */
class AdministrationIT {
    private static final String HEALTH = "/healthcheck/checks/DkimSigning";
    private static final Case STRANGER =
            Case.of("stranger", "eve@elsewhere.example", "From: eve@elsewhere.example\r\nSubject: x\r\n\r\nHi\r\n");
    private static final int PAUSE_MILLIS = 50;
    private static final int ATTEMPTS = 200;
    private static final Pattern FINGERPRINT = Pattern.compile("fingerprint=([0-9a-f]{12})$");

    @TempDir
    static Path folder;

    private static Relay relay;
    private static WebAdminClient admin;

    @BeforeAll
    static void start() throws Exception {
        TestKeys keys = TestKeys.generate(folder);
        relay = Relay.start(folder.resolve("james"), james -> {
            SigningRules.install(james, keys);
            write(
                    james.conf("webadmin.properties"),
                    "enabled=true",
                    "host=" + RunningJames.WEBADMIN_HOST,
                    "port=0",
                    "extensions.routes=org.apache.james.webadmin.dropwizard.MetricsRoutes,"
                            + "org.dkimproxy.james.webadmin.SigningRoutes");
            write(
                    james.conf("healthcheck.properties"),
                    "additional.healthchecks=org.dkimproxy.james.SigningHealthCheck");
        });
        admin = new WebAdminClient(relay.james().webAdmin());
    }

    @AfterAll
    static void stop() throws IOException {
        relay.close();
    }

    @BeforeEach
    void everything_is_fine() throws Exception {
        assertThat(admin.post("/dkimproxy/reload").status()).isEqualTo(200);
    }

    @Test
    void the_log_the_route_and_the_gauge_have_the_same_fingerprint() throws Exception {
        String loaded = relay.james().log().stream()
                .filter(line -> line.contains("configuration loaded: processor=relay, rules="))
                .findFirst()
                .orElseThrow();
        Matcher fingerprint = FINGERPRINT.matcher(loaded);
        assertThat(fingerprint.find()).as(loaded).isTrue();
        assertThat(admin.post("/dkimproxy/reload").body())
                .isEqualTo("[{\"processor\":\"relay\",\"fingerprint\":\"" + fingerprint.group(1) + "\"}]");
        assertThat((long) metric("dkimproxy_configuration_fingerprint"))
                .isEqualTo(Long.parseLong(fingerprint.group(1), 16));
    }

    @Test
    void mail_is_counted_by_what_became_of_it_and_why() throws Exception {
        double signed = metric("dkimproxy_signed_total");
        double skipped = metric("dkimproxy_skipped_total");
        double noRule = metric("dkimproxy_skipped_no_rule_total");
        relay.deliver(List.of(Guide.MESSAGE, STRANGER));
        assertThat(metric("dkimproxy_signed_total")).isEqualTo(signed + 1);
        assertThat(metric("dkimproxy_skipped_total")).isEqualTo(skipped + 1);
        assertThat(metric("dkimproxy_skipped_no_rule_total")).isEqualTo(noRule + 1);
        assertThat(metric("dkimproxy_failed_permanent_total")).isZero();
    }

    @Test
    void a_route_returns_who_signs_an_author_and_how() throws Exception {
        WebAdminClient.Answer joe = admin.get("/dkimproxy/sender/joe+tag@example.org");
        assertThat(joe.status()).isEqualTo(200);
        assertThat(joe.body())
                .startsWith("[{\"processor\":\"relay\",\"fingerprint\":\"")
                .contains(
                        "\"outcome\":\"signed\"",
                        "\"kind\":\"dkim\",\"rule\":\"sender_map example.org\",\"written\":\"dkim(",
                        "\"position\":\"file://conf/dkim/sender_map:",
                        "\"domain\":\"example.org\",\"selector\":\"2026\",\"algorithm\":\"rsa-sha256\"");
        assertThat(admin.get("/dkimproxy/sender/eve+tag@elsewhere.example").body())
                .contains("\"outcome\":\"skipped\",\"reason\":\"no rule matches eve+tag@elsewhere.example\"");
        WebAdminClient.Answer twoFields = admin.get("/dkimproxy/sender/a@b.example%0D%0ASender:x@example.org");
        assertThat(twoFields.status()).isEqualTo(400);
    }

    @Test
    void a_reload_that_fails_is_answered_with_its_errors_and_degrades_the_health() throws Exception {
        Path map = relay.folder().conf("dkim/sender_map");
        String good = Files.readString(map, StandardCharsets.UTF_8);
        double failed = metric("dkimproxy_reloads_failed_total");
        assertThat(admin.get(HEALTH).body()).contains("\"status\":\"healthy\"");
        try {
            Files.writeString(map, "example.com dkmi\n", StandardCharsets.UTF_8, StandardOpenOption.APPEND);
            WebAdminClient.Answer refused = admin.post("/dkimproxy/reload");
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.body())
                    .startsWith("{\"statusCode\":409,\"type\":\"WrongState\",\"message\":\"")
                    .contains("the previous configuration stays active")
                    .contains("relay: file://conf/dkim/sender_map:"
                            + (good.lines().count() + 1) + ":13: error: ");
            assertThat(metric("dkimproxy_reloads_failed_total")).isGreaterThan(failed);
            WebAdminClient.Answer health = admin.get(HEALTH);
            assertThat(health.status()).isEqualTo(200);
            assertThat(health.body())
                    .contains(
                            "\"status\":\"degraded\"",
                            "relay: configuration reload failed: file://conf/dkim/sender_map:");
            Map<String, byte[]> arrived = relay.deliver(List.of(Guide.MESSAGE));
            assertThat(Arrived.of(arrived.get("plain")).selectorsOnTop()).containsExactly("2026");
        } finally {
            Files.writeString(map, good, StandardCharsets.UTF_8);
        }
        assertThat(admin.post("/dkimproxy/reload").status()).isEqualTo(200);
        assertThat(admin.get(HEALTH).body()).contains("\"status\":\"healthy\"");
    }

    @Test
    void a_key_file_that_is_gone_degrades_the_health() throws Exception {
        Path key = relay.folder().conf(SigningRules.SHIPPED_KEY);
        Path away = key.resolveSibling("away.key");
        Files.move(key, away);
        try {
            assertThat(healthWith("\"status\":\"degraded\"")).contains("relay: cannot read key file " + key);
        } finally {
            Files.move(away, key);
        }
        healthWith("\"status\":\"healthy\"");
    }

    /** Waits for a state: a key file is not looked at for a hundredth of a second. */
    private static String healthWith(String state) throws Exception {
        String health = "";
        for (int attempt = 0; attempt < ATTEMPTS && !health.contains(state); attempt++) {
            Thread.sleep(PAUSE_MILLIS);
            health = admin.get(HEALTH).body();
        }
        assertThat(health).contains(state);
        return health;
    }

    private static double metric(String name) throws Exception {
        return admin.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .map(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .orElseThrow(() -> new AssertionError(name + " is not exported"));
    }

    private static void write(Path file, String... lines) throws IOException {
        Files.writeString(file, String.join("\n", lines) + "\n", StandardCharsets.UTF_8);
    }
}
