package org.dkimproxy.jamesit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole James 3.8 that does not start, and says why. */
class RefusedStartIT {
    @TempDir
    Path folder;

    @Test
    void james_names_every_mistake_in_a_map_and_its_place() {
        Throwable refusal = catchThrowable(() -> Relay.start(
                        folder.resolve("james"),
                        james -> Files.writeString(
                                james.conf("dkim/sender_map"),
                                "example.net  dkim(s=one,kye=nothing)\n",
                                StandardCharsets.UTF_8,
                                StandardOpenOption.APPEND))
                .close());
        assertThat(refusal).hasMessageStartingWith("James does not start:");
        assertThat(refusal.getMessage().lines())
                .as("the key that the shipped map names and nobody has made")
                .anyMatch(line -> line.matches(".*sender_map:\\d+:\\d+: .*2026\\._domainkey\\.example\\.org\\.key.*"));
        assertThat(refusal.getMessage().lines())
                .as("the misspelt name")
                .anyMatch(line -> line.matches(".*sender_map:\\d+:25: .*kye.*"));
    }
}
