package org.dkimproxy.standalone.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunAsTest {
    @ParameterizedTest
    @CsvSource({
        "/keys/a,        /var/jail/keys/a",
        "/,              /var/jail",
        "/../etc/passwd, /var/jail/etc/passwd",
        "/a/../../b,     /var/jail/b",
    })
    void path_inside_lies_below_the_root_directory(Path inside, Path outside) {
        assertThat(in("/var/jail").outside(inside)).isEqualTo(outside);
        assertThat(in("/var/jail").inside(outside)).isEqualTo(inside.normalize());
    }

    @Test
    void without_a_root_directory_paths_are_the_same() {
        assertThat(RunAs.UNCHANGED.outside(Path.of("/a/../b"))).isEqualTo(Path.of("/a/../b"));
        assertThat(RunAs.UNCHANGED.inside(Path.of("/a"))).isEqualTo(Path.of("/a"));
        assertThat(RunAs.UNCHANGED.isUnchanged()).isTrue();
        assertThat(in("/").isUnchanged()).isFalse();
    }

    @Test
    void relative_root_directory_is_refused() {
        assertThatThrownBy(() -> in("jail")).isInstanceOf(IllegalArgumentException.class);
    }

    private static RunAs in(String root) {
        return new RunAs(Optional.empty(), List.of(), Optional.of(Path.of(root)));
    }
}
