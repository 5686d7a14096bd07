package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the built check says of files that others can change, on mounts that no other process sees. */
@Timeout(120)
class FileAccessIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Path mount;

    @BeforeAll
    static void needRoot() {
        Requirements.ownMounts();
    }

    @BeforeEach
    void configure() throws Exception {
        mount = Files.createDirectory(folder.resolve("mounted"));
        TestKeys keys = TestKeys.generate(folder);
        Files.writeString(
                folder.resolve("sender_map"),
                "example.org dkim(a=rsa-sha256,s=one,key=" + mount.resolve("key") + ")\n",
                StandardCharsets.UTF_8);
        Files.writeString(
                folder.resolve("conf"),
                "listen 127.0.0.1:1\nrelay 127.0.0.1:2\nsender_map " + mount.resolve("map") + "\n",
                StandardCharsets.UTF_8);
        assertThat(keys.rsaFile()).exists();
    }

    /** Runs the check where a tmpfs holds the map and the key, after some commands in it. */
    private Programs.Result check(int mode, String commands) throws IOException {
        String script = "mount -t tmpfs -o mode=" + Integer.toOctalString(mode) + " none " + mount + "\ncd " + mount
                + "\ncp ../rsa.pem key\ncp ../sender_map map\nchmod 640 key map\n" + commands + "\nexec "
                + Tree.program("dkimproxy-check") + " " + folder.resolve("conf");
        return Programs.run(
                PATIENCE, List.of("unshare", "--mount", "--propagation", "private", "sh", "-e", "-c", script));
    }

    @Test
    void a_directory_that_everyone_can_write_to_is_a_warning() throws IOException {
        Programs.Result result = check(0777, "");

        assertThat(result.output())
                .contains("found key file " + mount.resolve("key") + " below directory " + mount
                        + " that everyone can write to (rwxrwxrwx), expected a directory that only root and the user of"
                        + " this program can change: chmod go-w " + mount)
                .endsWith("0 errors, 2 warnings\n");
        assertThat(result.exit()).isEqualTo(1);
    }

    @Test
    void a_read_only_mount_passes() throws IOException {
        assertThat(check(0777, "chown 4711 key; mount -o remount,ro " + mount).output())
                .isEqualTo("no problems\n");
    }

    @Test
    void a_secret_of_kubernetes_passes() throws IOException {
        String links =
                "mkdir ..2026; mv key map ..2026; ln -s ..2026 ..data; ln -s ..data/key key; ln -s ..data/map map";

        assertThat(check(01777, links).output()).isEqualTo("no problems\n");
    }

    @Test
    void a_link_that_another_user_can_replace_is_a_warning() throws IOException {
        String links = "mkdir ..2026; mv key ..2026; ln -s ..2026/key key; chown -h 4711 key";

        assertThat(check(01777, links).output())
                .contains("found key file " + mount.resolve("key") + " behind link " + mount.resolve("key")
                        + " that its owner 4711 can replace, expected a link that only root and the user of this program"
                        + " can change: chown -h root " + mount.resolve("key"))
                .endsWith("0 errors, 1 warning\n");
    }

    /** systemd's ProtectSystem=strict makes the whole tree read-only for one service. */
    @Test
    void a_root_directory_that_is_read_only_for_this_process_does_not_pass() throws IOException {
        Path key = folder.resolve("rsa.pem");
        String script = "chmod 602 " + key + "; mount -o bind,remount,ro /\nexec " + Tree.program("dkimproxy-check")
                + " --domain=example.org --selector=one --keyfile=" + key + " 127.0.0.1:1 127.0.0.1:2";
        Programs.Result result = Programs.run(
                PATIENCE, List.of("unshare", "--mount", "--propagation", "private", "sh", "-e", "-c", script));

        assertThat(result.output()).contains("found key file " + key + " that everyone can write to (rw-----w-)");
    }
}
