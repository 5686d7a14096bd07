package org.dkimproxy.standalone.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceUnitTest {
    @TempDir
    Path directory;

    private Path own;
    private Path vendor;

    @BeforeEach
    void makeDirectories() throws IOException {
        own = Files.createDirectories(directory.resolve("etc"));
        vendor = Files.createDirectories(directory.resolve("usr"));
    }

    @Test
    void no_unit_has_no_options() throws IOException {
        write(own.resolve("x.service.d/a.conf"), "User=7001\n");

        assertThat(options()).isEmpty();
    }

    @Test
    void user_and_groups_are_those_of_the_unit() throws IOException {
        write(vendor.resolve("x.service"), """
            [Service]
            # User=7000
            User = 7001
            Group=7002
            SupplementaryGroups=7003 7004
            """);

        assertThat(options()).containsExactly("user=7001", "group=7002 7003 7004");
    }

    @Test
    void groups_of_the_user_are_among_them() throws IOException {
        write(vendor.resolve("x.service"), "User=root\nGroup=7002\n");
        assertThat(options().getFirst()).isEqualTo("user=root");
        assertThat(options().getLast()).startsWith("group=7002 0");

        write(vendor.resolve("x.service"), "User=root\n");
        assertThat(options().getLast()).startsWith("group=0");
    }

    @Test
    void drop_ins_of_all_directories_win_in_the_order_of_their_names() throws IOException {
        write(vendor.resolve("x.service"), "User=7001\nGroup=7002\nSupplementaryGroups=7003\n");
        write(vendor.resolve("x.service.d/b.conf"), "User=7011\nSupplementaryGroups=7013\n");
        write(own.resolve("x.service.d/a.conf"), "User=7021\nGroup=7022\n");
        assertThat(options()).containsExactly("user=7011", "group=7022 7003 7013");

        write(own.resolve("x.service.d/b.conf"), "SupplementaryGroups=\n");
        assertThat(options()).containsExactly("user=7021", "group=7022");
    }

    @Test
    void unit_of_the_administrator_replaces_that_of_the_package() throws IOException {
        write(vendor.resolve("x.service"), "User=7001\nGroup=7002\n");
        write(own.resolve("x.service"), "Group=7012\n");

        assertThat(options()).containsExactly("group=7012");
    }

    private List<String> options() throws IOException {
        return ServiceUnit.options("x.service", List.of(own, vendor)).stream()
                .map(ServiceUnitTest::text)
                .toList();
    }

    private static String text(ConfOption option) {
        return option.name() + "=" + option.value().text();
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
