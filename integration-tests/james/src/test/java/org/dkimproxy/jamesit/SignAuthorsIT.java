package org.dkimproxy.jamesit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dkimproxy.interop.TestKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole James 3.8 with one key and a DomainList: what it signs of the mail that it forwards. */
class SignAuthorsIT {
    @TempDir
    static Path folder;

    @Test
    void own_authors_are_those_of_the_key_and_of_the_domain_list_of_james() throws Exception {
        TestKeys keys = TestKeys.generate(folder);
        List<Case> mail = OneKey.mail();
        Map<String, byte[]> arrived;
        RunningJames server;
        try (Relay relay = Relay.start(folder.resolve("james"), james -> {
            OneKey.install(james, keys);
            Files.writeString(
                    james.conf("domainlist.xml"),
                    "<domainlist><autodetect>false</autodetect><autodetectIP>false</autodetectIP>"
                            + "<defaultDomain>localhost</defaultDomain><domainnames><domainname>" + OneKey.HOSTED
                            + "</domainname></domainnames></domainlist>",
                    StandardCharsets.UTF_8);
        })) {
            arrived = relay.deliver(mail);
            server = relay.james();
        }

        assertThat(mail)
                .allSatisfy(
                        sent -> assertThat(Arrived.of(arrived.get(sent.name())).selectorsOnTop())
                                .isEqualTo(sent.signatures().stream()
                                        .map(Case.Expected::selector)
                                        .toList()));
        // its last lines are there once it has ended
        assertThat(server.log())
                .anyMatch(
                        line -> line.contains("unsigned: foreign author: elsewhere.example is neither a domain of a key"
                                + " nor one of this server (sign_authors own); "));
    }
}
