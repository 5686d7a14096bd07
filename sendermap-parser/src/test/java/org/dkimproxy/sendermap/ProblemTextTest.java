package org.dkimproxy.sendermap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.conf.ConfFile;
import org.dkimproxy.sendermap.dkim.SignatureSpecifications;
import org.dkimproxy.sendermap.map.ListIdMap;
import org.dkimproxy.sendermap.map.SenderMap;
import org.dkimproxy.sendermap.text.SourceText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What people read, word for word. */
class ProblemTextTest {
    private static final Set<String> NAMES = Set.of(
            "listen",
            "relay",
            "signature",
            "keyfile",
            "selector",
            "domain",
            "sender_map",
            "reject_error",
            "min_servers");

    static Stream<Arguments> specifications() {
        return ProblemTable.read("specifications.txt");
    }

    static Stream<Arguments> senderMaps() {
        return ProblemTable.read("sender-maps.txt");
    }

    static Stream<Arguments> listIdMaps() {
        return ProblemTable.read("list-id-maps.txt");
    }

    static Stream<Arguments> confFiles() {
        return ProblemTable.read("conf-files.txt");
    }

    @ParameterizedTest
    @MethodSource("specifications")
    void a_specification_tells_its_problems(String input, String problems) {
        assertThat(ProblemTable.shown(SignatureSpecifications.parse(SourceText.of("option", input))))
                .isEqualTo(problems);
    }

    @ParameterizedTest
    @MethodSource("senderMaps")
    void a_sender_map_tells_its_problems(String input, String problems) {
        assertThat(ProblemTable.shown(SenderMap.parse("map", input.getBytes(UTF_8))))
                .isEqualTo(problems);
    }

    @ParameterizedTest
    @MethodSource("listIdMaps")
    void a_list_id_map_tells_its_problems(String input, String problems) {
        assertThat(ProblemTable.shown(ListIdMap.parse("lists", input.getBytes(UTF_8))))
                .isEqualTo(problems);
    }

    @ParameterizedTest
    @MethodSource("confFiles")
    void a_conf_file_tells_its_problems(String input, String problems) {
        assertThat(ProblemTable.shown(ConfFile.parse("conf", input.getBytes(UTF_8), NAMES)))
                .isEqualTo(problems);
    }

    @Test
    void a_line_that_is_not_utf_8_is_read_as_iso_8859_1() {
        assertThat(ProblemTable.shown(SenderMap.parse("map", "b\u00FCcher.example\tdkin".getBytes(ISO_8859_1))))
                .isEqualTo("""
                        map:1:16: error: found signature type "dkin", expected "dkim" or "domainkeys"
                            b\u00FCcher.example dkin
                                           ^""");
    }
}
