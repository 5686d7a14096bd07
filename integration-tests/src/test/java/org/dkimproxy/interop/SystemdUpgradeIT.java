package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dkimproxy.testkit.SmtpSink;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The Debian package in the place of one like Debian's of dkimproxy 1.4.1, under systemd, and the way back. */
@Tag("long")
@ParameterizedClass
@MethodSource("org.dkimproxy.interop.DebianRoot#releases")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SystemdUpgradeIT {
    private static final String UNIT = "dkimproxy.service";
    private static final String DROP_IN = "etc/systemd/system/dkimproxy.service.d/from-1.4.1.conf";

    @TempDir
    static Path folder;

    /** The code name of the Debian. */
    @Parameter
    String release;

    private static DebianRoot root;
    private static BootedDebian debian;
    private static SmtpSink relay;
    private static StockPackage stock;

    @BeforeParameterizedClassInvocation
    static void boot(String release) throws IOException, InterruptedException {
        Requirements.debootstrap();
        Requirements.systemdNspawn();
        Path files = Files.createDirectory(folder.resolve(release));
        root = DebianRoot.withSystemd(files, release);
        relay = SmtpSink.start();
        stock = StockPackage.putInto(root, relay, files);
        Files.copy(Tree.archive(".deb"), root.path().resolve("dkimproxy.deb"));
        debian = BootedDebian.boot(root, files);
    }

    @AfterParameterizedClassInvocation
    static void discard() throws IOException, InterruptedException {
        try {
            if (debian != null) {
                debian.powerOff();
            }
        } finally {
            if (root != null) {
                relay.close();
                root.close();
            }
        }
    }

    @Test
    @Order(1)
    void a_running_dkimproxy_in_is_not_taken_away() throws IOException {
        run("dpkg", "-i", "/stock.deb");
        assertThat(debian.run("dpkg", "-i", "/dkimproxy.deb").exit()).isNotZero();
        assertThat(debian.run("systemctl", "is-active", UNIT).output()).isEqualTo("active\n");
        run("sh", "-c", "kill -0 $(cat /run/dkimproxy.in) && kill -0 $(cat /run/dkimproxy.out)");
    }

    /** The files are as shipped, and the domain of the machine is that of its name. */
    @Test
    @Order(2)
    void mail_flows_signed_as_before() throws Exception {
        run("sh", "-c", "echo 127.0.1.1 $(hostname).example.org $(hostname) >> /etc/hosts");
        stock.set("RUN_DKIMPROXY_IN=0");
        run("systemctl", "restart", UNIT);
        Map<String, String> conffiles = stock.conffiles();

        String told = upgrade();

        assertThat(stock.conffiles()).isEqualTo(conffiles);
        assertThat(told)
                .contains("\n    domain     example.org\n    keyfile    /" + StockPackage.KEY
                        + "\n    method     simple\n    signature  dkim\n    signature  domainkeys\n");
        assertThat(debian.run("systemctl", "is-enabled", UNIT).output()).isEqualTo("enabled\n");
        stock.assertSigned(relay);
        // and with the lines of the message in place of the file that it names
        String lines = told.lines()
                .filter(line -> line.matches(" {4}(domain|keyfile|method|signature) .*"))
                .reduce("", (one, next) -> one + next + "\n");
        Path conf = root.path().resolve(StockPackage.CONF);
        String shipped = Files.readString(conf, StandardCharsets.UTF_8);
        Files.writeString(conf, shipped + lines, StandardCharsets.UTF_8);
        Files.delete(root.path().resolve(DROP_IN));
        run("systemctl", "daemon-reload");
        run("systemctl", "restart", UNIT);
        stock.assertSigned(relay);
        Files.writeString(conf, shipped, StandardCharsets.UTF_8);
    }

    @Test
    @Order(3)
    void back_to_the_old_package_its_init_script_runs_again() throws IOException {
        goBack();
        assertThat(root.has(DROP_IN)).isFalse();
        assertThat(root.has("etc/systemd/system/multi-user.target.wants/" + UNIT))
                .isFalse();
    }

    /** The domain is nowhere to be found, so the start fails until the lines that are printed were added. */
    @Test
    @Order(4)
    void otherwise_the_lines_to_add_are_printed() throws Exception {
        run("sed", "-i", "/example.org/d", "/etc/hosts");
        String told = upgrade();
        assertThat(told)
                .contains("the init script of 1.4.1 gave these settings")
                .contains("the service does not run:")
                .contains("\nCorrect the errors, then run: systemctl start dkimproxy\n");
        assertThat(root.has(DROP_IN)).isFalse();
        String lines = told.lines()
                .filter(line -> line.matches(" {4}(domain|keyfile|method|signature) .*"))
                .reduce("", (one, next) -> one + next + "\n");
        Path conf = root.path().resolve(StockPackage.CONF);
        Files.writeString(conf, Files.readString(conf, StandardCharsets.UTF_8) + lines, StandardCharsets.UTF_8);
        run("systemctl", "start", UNIT);
        stock.assertSigned(relay);
    }

    @Test
    @Order(5)
    void removed_it_hides_nothing_from_the_old_package() throws IOException {
        run("dpkg", "--remove", "dkimproxy");
        goBack();
    }

    /** The unit gets the user; what else an administrator wrote into the init script cannot be read out of it. */
    @Test
    @Order(6)
    void the_user_of_the_old_daemon_is_kept_and_a_changed_init_script_reported() throws Exception {
        run("adduser", "--system", "--group", "--quiet", "--no-create-home", "signer");
        stock.set("DOMAIN=example.org\nDKIMPROXYUSER=signer\nDKIMPROXYGROUP=signer");
        run("sed", "-i", "s/--signature=domainkeys/& --max_servers=7/", "/" + StockPackage.INIT);
        run("systemctl", "restart", UNIT);
        Map<String, String> conffiles = stock.conffiles();

        String told = upgrade();

        assertThat(stock.conffiles()).isEqualTo(conffiles);
        assertThat(told)
                .contains("dkimproxy: the service runs as user signer and group signer, as /" + StockPackage.DEFAULTS)
                .contains("dkimproxy: /etc/init.d/dkimproxy was changed on this host. Compare the options");
        assertThat(Files.readString(root.path().resolve(DROP_IN), StandardCharsets.UTF_8))
                .contains("\nUser=signer\nGroup=signer\n");
        assertThat(run(
                        "sh",
                        "-c",
                        "stat --format=%U:%G /proc/$(systemctl show --property=MainPID --value " + UNIT + ")"))
                .containsExactly("signer:signer");
        stock.assertSigned(relay);
        goBack();
    }

    /** The check of a start that failed is by the user of the unit. */
    @Test
    @Order(7)
    void a_key_that_the_user_of_the_old_daemon_cannot_read_is_reported() throws Exception {
        run("chmod", "600", "/" + StockPackage.KEY);
        assertThat(upgrade())
                .contains("dkimproxy: the service does not run:")
                .containsPattern("user signer \\(uid [0-9]+\\) cannot read file /" + StockPackage.KEY);
        run("sed", "-i", "/^DKIMPROXY\\(USER\\|GROUP\\)=/d", "/" + StockPackage.DEFAULTS);
        goBack();
    }

    /** 1.4.1 could not start like that either. */
    @Test
    @Order(8)
    void a_user_that_is_none_is_reported_and_the_service_has_its_own() throws Exception {
        stock.set("DKIMPROXYUSER=nobody-knows");
        assertThat(upgrade())
                .contains("dkimproxy: /" + StockPackage.DEFAULTS
                        + " names user nobody-knows and group dkimproxy, which are not both on this host");
        stock.assertSigned(relay);
        run("sed", "-i", "/^DKIMPROXYUSER=/d", "/" + StockPackage.DEFAULTS);
        goBack();
    }

    @Test
    @Order(9)
    void what_was_off_stays_off() throws IOException {
        stock.set("DOMAIN=example.org\nRUN_DKIMPROXY_OUT=0");
        run("systemctl", "restart", UNIT);
        assertThat(upgrade()).contains("\n    systemctl enable --now dkimproxy\n");
        assertThat(debian.run("systemctl", "is-enabled", UNIT).output()).isEqualTo("disabled\n");
        assertThat(debian.run("systemctl", "is-active", UNIT).output()).isEqualTo("inactive\n");
        // another upgrade changes nothing of that
        run("dpkg", "-i", "/dkimproxy.deb");
        assertThat(debian.run("systemctl", "is-enabled", UNIT).output()).isEqualTo("disabled\n");
    }

    /** Installs the new package; returns what it prints. */
    private static String upgrade() throws IOException {
        Programs.Result result = debian.run("dpkg", "-i", "/dkimproxy.deb");
        assertThat(result.exit()).as(result.errors()).isZero();
        return result.errors();
    }

    private static void goBack() throws IOException {
        run("dpkg", "-i", "--force-confold", "/stock.deb");
        assertThat(debian.run("systemctl", "is-active", UNIT).output()).isEqualTo("active\n");
        run("sh", "-c", "kill -0 $(cat /run/dkimproxy.out)");
        assertThat(run("sh", "-c", "tr '\\0' ' ' < /proc/$(cat /run/dkimproxy.out)/cmdline")
                        .getFirst())
                .startsWith("/bin/sh /usr/sbin/dkimproxy.out ");
    }

    private static List<String> run(String... command) throws IOException {
        return debian.run(command).linesOfSuccess();
    }
}
