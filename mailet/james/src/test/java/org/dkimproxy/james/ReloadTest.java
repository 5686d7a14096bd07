package org.dkimproxy.james;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.MessagingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.apache.mailet.Mail;
import org.dkimproxy.signing.log.CapturingLogProvider;
import org.dkimproxy.testkit.PrivateKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What changes on disk is in use soon, without a restart, if it is good. */
@Timeout(120)
class ReloadTest {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final String MAP = "example.org dkim(s=before,key=file://conf/rsa.pem)\n";

    @TempDir
    Path folder;

    private Workplace place;
    private SignWithSenderMap mailet;

    @BeforeEach
    void conf() {
        place = new Workplace(folder).write("conf/sender_map", MAP);
    }

    @AfterEach
    void stop() {
        mailet.destroy();
    }

    @Test
    void a_changed_map_is_used_and_a_bad_one_is_not() throws Exception {
        mailet = place.mailet("sender_map", "file://conf/sender_map");
        assertThat(fields()).contains("s=before;");

        place.write("conf/sender_map", MAP.replace("before", "after"));
        waitFor(() -> fields().contains("s=after;"));

        place.write("conf/sender_map", MAP.replace("before", "lost") + "b.example dkmi\n");
        waitFor(() -> !CapturingLogProvider.linesWith("sender_map:2:11: error:").isEmpty());
        assertThat(fields()).contains("s=after;");
        waitFor(() -> CapturingLogProvider.linesWith("configuration reload failed")
                .contains("ERROR configuration reload failed; the previous configuration stays active"));

        place.write("conf/sender_map", MAP.replace("before", "mended"));
        waitFor(() -> fields().contains("s=mended;"));
    }

    @Test
    void a_changed_conf_file_is_used_with_all_its_options() throws Exception {
        place.write("conf/c", "domain example.org\nselector before\nkeyfile file://conf/rsa.pem\n");
        mailet = place.mailet("conf_file", "file://conf/c");
        assertThat(fields()).contains("s=before;");

        place.write("conf/c", "sender_map file://conf/sender_map\nreject_error yes\n")
                .write("conf/sender_map", MAP.replace("before", "bymap"));
        waitFor(() -> {
            try {
                mailet.service(Workplace.mail("Sender: alice@example.org\nSubject: no author\n\ntext\n"));
                return false;
            } catch (MessagingException rejected) {
                return true;
            }
        });
        assertThat(fields()).contains("s=bymap;");
    }

    /** As Kubernetes replaces a mounted secret: another folder behind the same link. */
    @Test
    void a_secret_that_is_mounted_anew_is_used() throws Exception {
        place.write("first/map", MAP.replace("conf/rsa", "mounted/key"))
                .write("second/map", MAP.replace("conf/rsa", "mounted/key").replace("before", "after"));
        Files.copy(place.path("conf/rsa.pem"), place.path("first/key.pem"));
        place.write("second/key.pem", PrivateKeys.pkcs8(PrivateKeys.newRsa(1024).getPrivate()));
        link("mounted", "first");
        mailet = place.mailet("sender_map", "file://mounted/map");
        assertThat(fields()).contains("s=before;");
        assertThat(verdict()).isEqualTo("pass");

        link("mounted", "second");

        waitFor(() -> fields().contains("s=after;"));
        assertThat(verdict()).as("by the new key").isNotEqualTo("pass");
    }

    @Test
    void a_map_that_becomes_empty_is_taken_once_it_stays_so() throws Exception {
        mailet = place.mailet("sender_map", "file://conf/sender_map");
        String fell = "file " + place.path("conf/sender_map") + ": entries fell from 1 to 0; ";

        place.write("conf/sender_map", "");
        waitFor(() -> !CapturingLogProvider.linesWith(fell + "the previous configuration stays active")
                .isEmpty());
        assertThat(fields()).contains("s=before;");

        waitFor(() -> !CapturingLogProvider.linesWith(fell + "taken, since the file stayed the same")
                .isEmpty());
        waitFor(() -> !fields().contains("DKIM-Signature"));
    }

    @Test
    void a_map_that_is_written_in_two_steps_is_never_used_empty() throws Exception {
        mailet = place.mailet("sender_map", "file://conf/sender_map");

        place.write("conf/sender_map", "");
        waitFor(() -> !CapturingLogProvider.linesWith(
                        "file " + place.path("conf/sender_map") + ": entries fell from 1 to 0; the previous")
                .isEmpty());
        place.write("conf/sender_map", MAP.replace("before", "after"));

        waitFor(() -> {
            String fields = fields();
            assertThat(fields).contains("DKIM-Signature");
            return fields.contains("s=after;");
        });
    }

    @Test
    void after_its_end_the_mailet_watches_no_more() throws Exception {
        mailet = place.mailet("sender_map", "file://conf/sender_map");
        long watching = watchers();
        mailet.destroy();

        waitFor(() -> watchers() < watching);
    }

    private static long watchers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("dkimproxy-reload"))
                .count();
    }

    private void link(String name, String target) throws IOException {
        Path next = Files.createSymbolicLink(place.path(name + ".next"), Path.of(target));
        Files.move(next, place.path(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private Mail mail() throws MessagingException {
        Mail mail = Workplace.mail("From: alice@example.org\n\ntext\n");
        mailet.service(mail);
        return mail;
    }

    private String fields() throws MessagingException {
        return Workplace.sent(mail()).replace("\n\t", "");
    }

    private String verdict() throws MessagingException {
        return place.verdict(mail());
    }

    private static void waitFor(Callable<Boolean> condition) throws Exception {
        Instant end = Instant.now().plus(LONGEST_WAIT);
        while (!condition.call()) {
            assertThat(Instant.now()).as("waited for %s", LONGEST_WAIT).isBefore(end);
            Thread.sleep(20);
        }
    }
}
