package org.dkimproxy.jamesit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dkimproxy.interop.TestKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the files of the conf folder as a comment works when it is none, in a whole James 3.8. */
class CommentedSamplesIT {
    private static final Case LIST = Case.of(
            "list",
            "bounces@example.org",
            "List-Id: News <news.example.org>\r\nFrom: ann@elsewhere.example\r\nSubject: x\r\n\r\nHi\r\n");

    @TempDir
    Path folder;

    @Test
    void the_rule_for_a_list_and_the_settings_of_a_smart_host_are_taken() throws Exception {
        TestKeys keys = TestKeys.generate(folder);
        try (Relay relay = Relay.start(folder.resolve("james"), james -> {
            Files.copy(keys.rsaFile(), james.conf(SigningRules.SHIPPED_KEY));
            change(james, "dkim/listid_map", "(?m)^# (?=news\\.example\\.org )", "");
            change(james, "mailetcontainer.xml", "(?s)<!-- For a smart host on another machine:(.*?)-->", "$1");
        })) {
            assertThat(Arrived.of(relay.deliver(List.of(LIST)).get("list")).selectorsOnTop())
                    .containsExactly("2026");
        }
    }

    private static void change(JamesFolder james, String file, String regex, String now) throws IOException {
        String text = Files.readString(james.conf(file), StandardCharsets.UTF_8);
        String changed = text.replaceFirst(regex, now);
        assertThat(changed).as(file).isNotEqualTo(text);
        Files.writeString(james.conf(file), changed, StandardCharsets.UTF_8);
    }
}
