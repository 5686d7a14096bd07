package org.dkimproxy.jamesit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.MessagingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.dkimproxy.interop.DnsRecords;
import org.dkimproxy.interop.TestKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The mailet container of James 3.9 with our conf folder and the jakarta jar, as James loads it. */
class ContainerIT {
    private static final String SIGN_OR_ELSE = "<reject_error>false</reject_error>";
    /** What cannot be signed: nobody can tell which of the two is the author. */
    private static final Case TWO_AUTHORS = Case.of(
            "two-authors",
            "joe@example.org",
            "From: joe@example.org\r\nFrom: eve@example.org\r\nSubject: x\r\n\r\nHi\r\n");

    private static final int THREADS = 16;
    private static final int MESSAGES = 1000;

    @TempDir
    static Path keyFolder;

    private static TestKeys keys;
    private static DnsRecords records;

    @TempDir
    Path folder;

    private SmartHost smartHost;
    private JamesFolder james;

    @BeforeAll
    static void makeKeys() throws Exception {
        Court.require();
        keys = TestKeys.generate(keyFolder);
        records = SigningRules.records(keys);
    }

    @BeforeEach
    void install() throws IOException {
        smartHost = new SmartHost();
        james = JamesFolder.install(folder.resolve("james"), Shipped.CONF, Shipped.jakarta(), smartHost.port());
        SigningRules.install(james, keys);
        Container.replaceWhatIsNotToBeHad(james);
        Kept.take();
    }

    @AfterEach
    void close() throws IOException {
        smartHost.close();
    }

    @ParameterizedTest(name = "smart host announces 8BITMIME: {0}")
    @ValueSource(booleans = {true, false})
    void every_signature_holds_and_stands_on_top(boolean eightBitMime) throws Exception {
        smartHost.announce8BitMime(eightBitMime);
        List<Case> cases = Cases.all();
        Map<String, byte[]> arrived;
        try (Container container = Container.start(james)) {
            Files.delete(james.conf(SigningRules.GONE_KEY));
            for (Case sent : cases) {
                container.service(sent);
            }
            assertThat(Kept.take()).isEmpty();
            arrived = smartHost.take(cases.size());
        }
        assertHolds(cases, arrived);
    }

    /** James 3.9 keeps it, and an author's own signature may cover it. */
    @ParameterizedTest(name = "smart host announces 8BITMIME: {0}")
    @ValueSource(booleans = {true, false})
    void a_mime_version_of_1_0_arrives_octet_for_octet(boolean eightBitMime) throws Exception {
        smartHost.announce8BitMime(eightBitMime);
        List<Case> cases = Cases.mimeVersions().toList();
        try (Container container = Container.start(james)) {
            for (Case sent : cases) {
                container.service(sent);
            }
        }
        Map<String, byte[]> arrived = smartHost.take(cases.size());
        assertThat(cases)
                .filteredOn(sent ->
                        !List.of("version-comment-first", "version-none").contains(sent.name()))
                .hasSize(cases.size() - 2)
                .allSatisfy(
                        sent -> assertThat(Arrived.of(arrived.get(sent.name())).text())
                                .endsWith("\r\n" + Arrived.of(sent.message()).text()));
    }

    /** To a host without 8BITMIME James 3.9 delivers no such mail, with or without a mailet. */
    @Test
    void mail_whose_content_type_cannot_be_parsed_is_signed() throws Exception {
        List<Case> cases = Cases.unparsable().toList();
        assertHolds(cases, serviced(cases));
    }

    @Test
    void one_key_signs_for_own_authors_which_the_domain_list_of_james_tells_too() throws Exception {
        makeOneKey();
        assertHolds(OneKey.mail(), serviced(OneKey.mail(), OneKey.HOSTED));
    }

    @Test
    void without_a_domain_list_only_the_key_tells() throws Exception {
        makeOneKey();
        assertThat(signed(serviced(OneKey.mail()))).containsExactlyInAnyOrder("own", "report");
    }

    @Test
    void with_sign_authors_all_one_key_signs_everything() throws Exception {
        makeOneKey("<signAuthors>all</signAuthors>");
        assertThat(signed(serviced(OneKey.mail()))).hasSameSizeAs(OneKey.mail());
    }

    private void makeOneKey(String... parameters) throws IOException {
        Files.delete(james.conf(SigningRules.SHIPPED_KEY));
        OneKey.install(james, keys, parameters);
    }

    private Map<String, byte[]> serviced(List<Case> cases, String... domains) throws Exception {
        try (Container container = Container.start(james, domains)) {
            for (Case sent : cases) {
                container.service(sent);
            }
        }
        return smartHost.take(cases.size());
    }

    private void assertHolds(List<Case> cases, Map<String, byte[]> arrived) throws IOException {
        Court court = Court.judge(folder, records, arrived);
        assertThat(cases).allSatisfy(sent -> {
            assertThat(arrived).containsKey(sent.name());
            assertThat(Arrived.of(arrived.get(sent.name())).selectorsOnTop())
                    .isEqualTo(sent.signatures().stream()
                            .map(Case.Expected::selector)
                            .toList());
            assertThat(sent.signatures())
                    .allSatisfy(signature -> assertThat(court.refusal(sent.name(), sent, signature))
                            .isEmpty());
        });
    }

    private static List<String> signed(Map<String, byte[]> arrived) {
        return arrived.keySet().stream()
                .filter(name -> !Arrived.of(arrived.get(name)).selectorsOnTop().isEmpty())
                .toList();
    }

    @Test
    void a_flag_without_a_value_is_on() throws Exception {
        james.replace("mailetcontainer.xml", SIGN_OR_ELSE, "<reject_error/>");
        try (Container container = Container.start(james)) {
            container.service(TWO_AUTHORS);
        }
        assertThat(Kept.take()).extracting(Kept.Message::repository).containsExactly("memory://var/mail/error/");
    }

    @Test
    void a_message_that_cannot_be_signed_goes_out_as_it_is() throws Exception {
        try (Container container = Container.start(james)) {
            container.service(TWO_AUTHORS);
        }
        assertThat(Arrived.of(smartHost.take(1).get("two-authors")).selectorsOnTop())
                .isEmpty();
    }

    @Test
    void with_reject_error_it_goes_to_the_error_processor() throws Exception {
        james.replace("mailetcontainer.xml", SIGN_OR_ELSE, "<reject_error>true</reject_error>");
        try (Container container = Container.start(james)) {
            container.service(TWO_AUTHORS);
        }
        assertThat(Kept.take()).singleElement().satisfies(kept -> {
            assertThat(kept.repository()).isEqualTo("memory://var/mail/error/");
            // James adds what is missing above, when it writes a message whose header was touched
            assertThat(kept.arrived().text()).endsWith(new String(TWO_AUTHORS.message(), StandardCharsets.ISO_8859_1));
            assertThat(kept.arrived().selectorsOnTop()).isEmpty();
        });
    }

    @Test
    void with_ignore_it_goes_out_as_it_is() throws Exception {
        rejectAnd("ignore");
        try (Container container = Container.start(james)) {
            container.service(TWO_AUTHORS);
        }
        assertThat(Kept.take()).isEmpty();
        assertThat(Arrived.of(smartHost.take(1).get("two-authors")).selectorsOnTop())
                .isEmpty();
    }

    @Test
    void with_propagate_the_spooler_gets_the_exception() throws Exception {
        rejectAnd("propagate");
        try (Container container = Container.start(james)) {
            assertThatThrownBy(() -> container.service(TWO_AUTHORS)).isInstanceOf(MessagingException.class);
        }
        assertThat(Kept.take()).isEmpty();
    }

    @Test
    void with_the_name_of_a_processor_it_goes_there() throws Exception {
        rejectAnd("relay-denied");
        try (Container container = Container.start(james)) {
            container.service(TWO_AUTHORS);
        }
        assertThat(Kept.take()).extracting(Kept.Message::repository).containsExactly("memory://var/mail/relay-denied/");
    }

    private void rejectAnd(String onMailetException) throws IOException {
        james.replace(
                "mailetcontainer.xml",
                SIGN_OR_ELSE,
                "<reject_error>true</reject_error><onMailetException>" + onMailetException + "</onMailetException>");
    }

    @Test
    void many_are_signed_at_the_same_time() throws Exception {
        List<Case> cases = IntStream.range(0, MESSAGES)
                .mapToObj(number -> Case.of(
                        "many-" + number,
                        "joe@example.net",
                        "From: joe@example.net\r\nSubject: number " + number + "\r\n\r\n" + "line " + number + "\r\n",
                        Cases.RSA,
                        Cases.ED25519))
                .toList();
        Map<String, byte[]> arrived = new HashMap<>();
        try (Container container = Container.start(james);
                ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> running = new ArrayList<>();
            for (Case sent : cases) {
                running.add(threads.submit(() -> {
                    container.service(sent);
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get(2, TimeUnit.MINUTES);
            }
            arrived.putAll(smartHost.take(MESSAGES));
        }
        assertThat(arrived).hasSize(MESSAGES);
        Court court = Court.judge(folder, records, arrived);
        assertThat(cases)
                .allSatisfy(sent -> assertThat(sent.signatures())
                        .allSatisfy(signature -> assertThat(court.refusal(sent.name(), sent, signature))
                                .isEmpty()));
    }

    @Test
    void a_bad_map_stops_the_start_with_its_place() throws Exception {
        Path map = james.conf("dkim/sender_map");
        Files.writeString(map, "example.org  dkim(c=relaxed/relaxed,s=2026,kye=nothing)\n", StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Container.start(james))
                .rootCause()
                .hasMessageContaining(map.getFileName() + ":1:")
                .hasMessageContaining("kye");
    }
}
