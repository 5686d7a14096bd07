package org.dkimproxy.signing.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs as root and as any other user: only root can give a file away, and a file of another user belongs to itself. */
class WriteAccessTest {
    private static final int STRANGER = 4711;
    private static final LinkOption NOFOLLOW = LinkOption.NOFOLLOW_LINKS;

    @TempDir
    Path temporary;

    private Path directory;
    private Path file;
    private Path accounts;

    @BeforeEach
    void makeFile() throws IOException {
        directory = Files.createDirectory(temporary.toRealPath().resolve("dkim"));
        file = Files.writeString(directory.resolve("a.key"), "key");
        chmod(file, 0640);
        chmod(directory, 0755);
        accounts = Files.createDirectory(temporary.resolve("etc"));
        int own = (Integer) Files.getAttribute(file, "unix:uid");
        Files.writeString(
                accounts.resolve("passwd"),
                "root:x:0:0:root:/root:/bin/sh\nown:x:" + own + ":" + group()
                        + "::/:/bin/sh\nbob:x:4711:4711::/:/bin/sh\n");
        Files.writeString(accounts.resolve("group"), "own:x:" + group() + ":own,root\n");
    }

    private int group() throws IOException {
        return (Integer) Files.getAttribute(file, "unix:gid");
    }

    private static void chmod(Path path, int mode) throws IOException {
        Files.setAttribute(path, "unix:mode", mode);
    }

    private List<Exposure> found(Path path) {
        return new WriteAccess(TrustedUsers.ofThisProcess(), LocalAccounts.read(accounts)).of(path);
    }

    /** What is found by those who trust nobody but root, after a file was given to another user. */
    private List<Exposure> foundAfterGiving(Path given, Path path) throws IOException {
        if (TrustedUsers.ofThisProcess().equals(TrustedUsers.of())) {
            Files.setAttribute(given, "unix:uid", STRANGER, NOFOLLOW);
        }
        return new WriteAccess(TrustedUsers.of(), LocalAccounts.read(accounts)).of(path);
    }

    private String ownerOf(Path path) throws IOException {
        return Files.getOwner(path, NOFOLLOW).getName();
    }

    @Test
    void a_file_that_only_its_owner_can_change_is_fine() {
        assertThat(found(file)).isEmpty();
    }

    @Test
    void a_file_that_is_gone_is_reported_by_those_who_read_it() {
        assertThat(found(directory.resolve("none"))).isEmpty();
    }

    @Test
    void a_file_that_everyone_can_write_to() throws IOException {
        chmod(file, 0646);

        assertThat(found(file)).singleElement().satisfies(exposure -> {
            assertThat(exposure.found("key file " + file))
                    .isEqualTo("key file " + file + " that everyone can write to (rw-r--rw-)");
            assertThat(exposure.expected())
                    .isEqualTo("a file that only root and the user of this program can change: chmod o-w " + file);
        });
    }

    @Test
    void a_directory_that_everyone_can_write_to() throws IOException {
        chmod(directory, 0777);

        assertThat(found(file)).singleElement().satisfies(exposure -> {
            assertThat(exposure.found("key file " + file))
                    .isEqualTo("key file " + file + " below directory " + directory
                            + " that everyone can write to (rwxrwxrwx)");
            assertThat(exposure.expected())
                    .isEqualTo("a directory that only root and the user of this program can change: chmod go-w "
                            + directory);
        });
    }

    @Test
    void the_first_of_several_directories_and_the_file_are_reported() throws IOException {
        Path below = Files.createDirectory(directory.resolve("below"));
        Path key = Files.writeString(below.resolve("b.key"), "key");
        chmod(directory, 0777);
        chmod(below, 0777);
        chmod(key, 0666);

        assertThat(found(key)).extracting(Exposure::path).containsExactly(directory, key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"own,bob", "unknown"})
    void a_group_with_another_member_is_somebody_else(String members) throws IOException {
        Files.writeString(accounts.resolve("group"), "own:x:" + group() + ":" + members + "\n");
        chmod(file, 0660);
        chmod(directory, 0770);

        assertThat(found(file))
                .extracting(Exposure::kind, Exposure::command)
                .containsExactly(
                        tuple(Exposure.Kind.DIRECTORY, "chmod g-w " + directory),
                        tuple(Exposure.Kind.FILE, "chmod g-w " + file));
        assertThat(found(file).getLast().writer()).startsWith("group ");
    }

    @Test
    void a_group_in_which_another_user_logs_in_is_somebody_else() throws IOException {
        Files.writeString(accounts.resolve("passwd"), "own:x:0:0::/:\nbob:x:4711:" + group() + "::/:/bin/sh\n");
        chmod(file, 0660);

        assertThat(found(file)).hasSize(1);
    }

    @Test
    void a_group_of_trusted_users_is_nobody_else() throws IOException {
        chmod(file, 0660);
        chmod(directory, 0770);

        assertThat(found(file)).isEmpty();
    }

    @Test
    void another_owner_can_change_a_file() throws IOException {
        assertThat(foundAfterGiving(file, file)).last().satisfies(exposure -> {
            assertThat(exposure.writer()).isEqualTo("its owner " + ownerOf(file));
            assertThat(exposure.command()).isEqualTo("chown root " + file);
        });
    }

    @Test
    void another_owner_can_change_a_directory() throws IOException {
        assertThat(foundAfterGiving(directory, file)).first().satisfies(exposure -> {
            assertThat(exposure.kind()).isEqualTo(Exposure.Kind.DIRECTORY);
            assertThat(exposure.writer()).isEqualTo("its owner " + ownerOf(exposure.path()));
        });
    }

    @Test
    void without_known_users_every_owner_is_trusted() throws IOException {
        foundAfterGiving(file, file);

        assertThat(new WriteAccess(new TrustedUsers(Set.of()), LocalAccounts.read(accounts)).of(file))
                .isEmpty();
    }

    /** As Kubernetes mounts a secret: a sticky directory, with links through a directory that is replaced. */
    @Test
    void a_sticky_directory_of_a_trusted_user_passes() throws IOException {
        Path data = Files.createDirectory(directory.resolve("..2026_11_30"));
        Files.move(file, data.resolve("a.key"));
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("..2026_11_30"));
        Files.createSymbolicLink(file, Path.of("..data", "a.key"));
        chmod(directory, 01777);

        assertThat(found(file)).isEmpty();
    }

    @Test
    void the_owner_of_a_link_in_a_sticky_directory_can_replace_it() throws IOException {
        Path link = Files.createSymbolicLink(temporary.toRealPath().resolve("link"), file);
        chmod(temporary, 01777);

        assertThat(foundAfterGiving(link, link))
                .filteredOn(exposure -> exposure.kind() == Exposure.Kind.LINK)
                .singleElement()
                .satisfies(exposure -> {
                    assertThat(exposure.found("key file " + link))
                            .isEqualTo("key file " + link + " behind link " + link + " that its owner " + ownerOf(link)
                                    + " can replace");
                    assertThat(exposure.command()).isEqualTo("chown -h root " + link);
                });
    }

    @Test
    void a_directory_on_the_way_to_a_link_counts() throws IOException {
        Path other = Files.createDirectory(temporary.toRealPath().resolve("other"));
        chmod(other, 0777);
        Path link = Files.createSymbolicLink(other.resolve("link"), Path.of("../dkim/../dkim/a.key"));

        assertThat(found(link)).extracting(Exposure::path).containsExactly(other);
    }

    @Test
    void links_in_a_ring_end_the_way() throws IOException {
        Path ring = directory.resolve("ring");
        Files.createSymbolicLink(ring, ring);

        assertThat(found(ring)).isEmpty();
    }

    @Test
    void a_directory_is_reported_for_each_file_in_it() throws IOException {
        Path another = Files.writeString(directory.resolve("b.key"), "key");
        chmod(directory, 0777);
        WriteAccess access = new WriteAccess(TrustedUsers.ofThisProcess(), LocalAccounts.read(accounts));

        assertThat(access.of(file)).isEqualTo(access.of(another)).hasSize(1);
    }
}
