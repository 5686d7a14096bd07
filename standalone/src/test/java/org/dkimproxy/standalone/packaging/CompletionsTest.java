package org.dkimproxy.standalone.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dkimproxy.standalone.cli.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionsTest {
    @TempDir
    Path directory;

    @Test
    void options_are_completed_by_their_names() throws Exception {
        assertThat(complete("dkimproxy.out", "--dae")).containsExactly("--daemonize");
        assertThat(complete("dkimproxy.out", "--keyf")).containsExactly("--keyfile=");
        assertThat(complete("dkimproxy.out", "--min_s")).isEmpty();
        assertThat(complete("dkimproxy-keygen", "--"))
                .contains("--domain=", "--help")
                .doesNotContain("--listen=");
        assertThat(complete("dkimproxy-signfile", "--o")).contains("--out=", "--oversign=");
        assertThat(complete("dkimproxy-check", "--sen")).contains("--sender=");
    }

    @Test
    void values_are_files_directories_or_words() throws Exception {
        Files.createFile(directory.resolve("key one.pem"));
        Files.createDirectory(directory.resolve("keys"));
        assertThat(complete("dkimproxy.out", "--keyfile", "=", "ke")).containsExactlyInAnyOrder("key one.pem", "keys");
        assertThat(complete("dkimproxy-keygen", "--out", "=", "ke")).containsExactly("keys");
        assertThat(complete("dkimproxy.out", "--bare_newline", "=")).containsExactly("normalize", "reject");
        assertThat(complete("dkimproxy.out", "--selector", "=", "ke")).isEmpty();
        assertThat(complete("dkimproxy-check", "key")).containsExactlyInAnyOrder("key one.pem", "keys");
    }

    /** What bash offers after these words of a command line; the last one is unfinished. */
    private List<String> complete(String name, String... words) throws IOException, InterruptedException {
        Program program = ManPages.PROGRAMS.values().stream()
                .filter(found -> found.name().equals(name))
                .findFirst()
                .orElseThrow();
        String function = "_" + name.replaceAll("[^a-z]", "_");
        String script = Completions.of(program) + "COMP_WORDS=(" + name + " "
                + String.join(
                        " ",
                        List.of(words).stream().map(word -> "'" + word + "'").toList())
                + ")\nCOMP_CWORD=" + words.length + "\n" + function + "\n"
                + "[[ ${#COMPREPLY[@]} -eq 0 ]] || printf '%s\\n' \"${COMPREPLY[@]}\"\n";
        Process bash = new ProcessBuilder("bash", "-uc", script)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        bash.getOutputStream().close();
        List<String> lines = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(bash.waitFor()).isZero();
        return lines;
    }
}
