package org.dkimproxy.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaunchScriptTest {
    private static final Path DIST = Path.of("src/main/dist").toAbsolutePath();

    private static final Instant TIME_OF_BUILD = Instant.parse("2026-01-01T00:00:00Z");

    private static final List<String> PROGRAMS =
            List.of("dkimproxy.out", "dkimproxy-signfile", "dkimproxy-check", "dkimproxy-keygen");

    @TempDir
    Path directory;

    private Path tools;

    /** A PATH that has what the scripts use and no Java. */
    @BeforeEach
    void linkTools() throws IOException {
        tools = Files.createDirectory(directory.resolve("tools"));
        for (String tool : List.of("sh", "sed", "readlink")) {
            Path found = Files.exists(Path.of("/usr/bin", tool)) ? Path.of("/usr/bin", tool) : Path.of("/bin", tool);
            Files.createSymbolicLink(tools.resolve(tool), found);
        }
        Files.createDirectory(directory.resolve("jvm"));
    }

    @Test
    void says_in_one_line_what_is_missing() throws Exception {
        assertThat(run(DIST.resolve("bin/dkimproxy.out"), Map.of()))
                .isEqualTo("1: dkimproxy.out: needs Java 25 or later, and found none by JAVA_HOME, in PATH, in"
                        + " /usr/lib/jvm or in /usr/local\n");
        assertThat(run(DIST.resolve("bin/dkimproxy-signfile"), Map.of()))
                .startsWith("1: dkimproxy-signfile: needs Java 25");
        assertThat(run(DIST.resolve("bin/dkimproxy-check"), Map.of())).startsWith("1: dkimproxy-check: needs Java 25");
        assertThat(run(DIST.resolve("bin/dkimproxy-keygen"), Map.of()))
                .startsWith("1: dkimproxy-keygen: needs Java 25");
    }

    /** Where {@code /bin} is a link to {@code /usr/bin}, the Java of a package is {@code /bin/java}. */
    @Test
    void the_java_of_bin_is_not_taken_for_that_of_an_empty_path() throws Exception {
        Path tree = copyOfTree();
        Path launch = tree.resolve("lib/launch.sh");
        String script = Files.readString(launch);
        assertThat(script).contains("\"$candidate/bin/java\"", "major \"$candidate\"");
        Files.writeString(
                launch,
                script.replace("\"$candidate/bin", "\"" + directory + "/system$candidate/bin")
                        .replace("major \"", "major \"" + directory + "/system"));
        java("system", "25.0.1");

        assertThat(run(tree.resolve("bin/dkimproxy.out"), Map.of())).startsWith("1: dkimproxy.out: needs Java 25");
    }

    @Test
    void becomes_the_java_of_java_home_with_its_arguments() throws Exception {
        Path home = java("home", "25.0.1");

        assertThat(run(DIST.resolve("bin/dkimproxy.out"), Map.of("JAVA_HOME", home.toString()), "--domain", "a b"))
                .startsWith("0: home -XX:-UsePerfData ")
                .endsWith(" -cp " + DIST
                        + "/lib/dkimproxy-standalone-*.jar org.dkimproxy.standalone.DkimproxyOut --domain [a b]\n");
    }

    @Test
    void works_through_symbolic_links() throws Exception {
        Path home = java("home", "26");
        Path absolute = Files.createSymbolicLink(directory.resolve("absolute"), DIST.resolve("bin/dkimproxy-signfile"));
        Path relative = Files.createSymbolicLink(directory.resolve("relative"), Path.of("absolute"));

        for (Path link : List.of(absolute, relative)) {
            assertThat(run(link, Map.of("JAVA_HOME", home.toString())))
                    .endsWith(" -cp " + DIST
                            + "/lib/dkimproxy-standalone-*.jar org.dkimproxy.standalone.tool.DkimproxySignfile\n");
        }
    }

    @Test
    void old_java_is_passed_over() throws Exception {
        Path old = java("old", "21.0.2");
        Path inPath = java("in-path", "17.0.1");
        Files.createSymbolicLink(tools.resolve("java"), inPath.resolve("bin/java"));
        java("jvm/eleven", "11.0.1");
        java("jvm/new", "25");

        assertThat(run(DIST.resolve("bin/dkimproxy.out"), Map.of("JAVA_HOME", old.toString())))
                .startsWith("0: new ");
    }

    @Test
    void java_of_path_is_found_through_its_link() throws Exception {
        Path home = java("linked", "25.0.1");
        Files.createSymbolicLink(tools.resolve("java"), home.resolve("bin/java"));

        assertThat(run(DIST.resolve("bin/dkimproxy.out"), Map.of())).startsWith("0: linked ");
    }

    /** No other program is started on the way, since each takes a millisecond or more. */
    @Test
    void a_tree_with_its_own_java_needs_nothing_else() throws Exception {
        Path tree = treeWithRuntime();
        Files.createDirectories(tree.resolve("lib/native"));
        create(tree.resolve("lib/dkimproxy.aot"), TIME_OF_BUILD);
        create(tree.resolve("lib/dkimproxy-standalone-1.2.jar"), TIME_OF_BUILD);
        java("home", "25.0.1");

        assertThat(run(
                        tree.resolve("bin/dkimproxy.out"),
                        Map.of(
                                "PATH",
                                "/nonexistent",
                                "JAVA_HOME",
                                directory.resolve("home").toString(),
                                "DKIMPROXY_JAVA_OPTS",
                                "-Xmx2g -ea"),
                        "--domain",
                        "a b"))
                .startsWith("0: runtime -XX:-UsePerfData ")
                .endsWith(" -XX:AOTCache=" + tree + "/lib/dkimproxy.aot"
                        + " -Dcom.amazon.corretto.crypto.provider.useExternalLib=true -Djava.library.path=" + tree
                        + "/lib/native -Xmx2g -ea -cp " + tree + "/lib/dkimproxy-standalone-1.2.jar"
                        + " org.dkimproxy.standalone.DkimproxyOut --domain [a b]\n");
    }

    @Test
    void a_cache_that_is_not_there_is_not_asked_for() throws Exception {
        assertThat(run(treeWithRuntime().resolve("bin/dkimproxy-check"), Map.of()))
                .startsWith("0: runtime ")
                .contains(" -XX:TieredStopAtLevel=1 ")
                .doesNotContain("AOTCache", "library.path");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1})
    void a_cache_of_other_jars_is_left_alone(long secondsLater) throws Exception {
        Path tree = treeWithRuntime();
        create(tree.resolve("lib/dkimproxy.aot"), TIME_OF_BUILD);
        create(tree.resolve("lib/dkimproxy-standalone-1.2.jar"), TIME_OF_BUILD);
        create(tree.resolve("lib/other.jar"), TIME_OF_BUILD.plusSeconds(secondsLater));

        assertThat(run(tree.resolve("bin/dkimproxy.out"), Map.of()))
                .startsWith("0: runtime ")
                .doesNotContain("AOTCache");
    }

    @Test
    void is_found_by_its_name_in_the_working_directory() throws Exception {
        Path tree = treeWithRuntime();

        assertThat(run(tree.resolve("bin"), Path.of("dkimproxy.out"), Map.of("PATH", "/nonexistent")))
                .startsWith("0: runtime ");
    }

    /** Whoever sets these variables could have any code run in the program, by an agent or a library. */
    @ParameterizedTest
    @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"})
    void variables_of_the_virtual_machine_are_cleared(String name) throws Exception {
        for (String program : PROGRAMS) {
            assertThat(runsInJava(
                            program, "echo \"${" + name + "-unset} $OTHER\"", Map.of(name, "-ea", "OTHER", "kept")))
                    .isEqualTo("0: unset kept\n");
        }
    }

    @Test
    void what_it_creates_is_for_its_user_alone_and_there_is_no_core() throws Exception {
        for (String program : PROGRAMS) {
            assertThat(runsInJava(program, "umask; ulimit -c; ulimit -H -c", Map.of()))
                    .isEqualTo("0: 0077\n0\n0\n");
        }
    }

    @Test
    void a_crash_leaves_no_file_and_no_tool_of_java_finds_a_socket() throws Exception {
        Path home = java("home", "25.0.1");
        for (String program : PROGRAMS) {
            assertThat(run(DIST.resolve("bin").resolve(program), Map.of("JAVA_HOME", home.toString())))
                    .contains(" -XX:-UsePerfData -XX:+DisableAttachMechanism -XX:ErrorFile=/dev/null"
                            + " -XX:-CreateCoredumpOnCrash -XX:-DumpReplayDataOnError -XX:-HeapDumpOnOutOfMemoryError ")
                    .doesNotContain("StartAttachListener");
        }
    }

    @Test
    void the_proxy_can_gain_no_privileges() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/status")) && linkTool("setpriv") && linkTool("true"));

        assertThat(runsInJava("dkimproxy.out", "/bin/grep NoNewPrivs: /proc/self/status", Map.of()))
                .isEqualTo("0: NoNewPrivs:\t1\n");
    }

    /** As that of a small system, which does not know the option. */
    @Test
    void it_starts_with_a_setpriv_that_cannot_do_it() throws Exception {
        Path setpriv = Files.writeString(tools.resolve("setpriv"), "#!/bin/sh\nexit 1\n");
        Files.setPosixFilePermissions(setpriv, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(runsInJava("dkimproxy.out", "echo started", Map.of())).isEqualTo("0: started\n");
    }

    private boolean linkTool(String name) throws IOException {
        Path found = Path.of("/usr/bin", name);
        if (Files.exists(found)) {
            Files.createSymbolicLink(tools.resolve(name), found);
        }
        return Files.exists(found);
    }

    /** Exit code and output of a program with a Java that runs these commands of the shell. */
    private String runsInJava(String program, String commands, Map<String, String> environment) throws Exception {
        Path home = directory.resolve("home");
        if (!Files.exists(home)) {
            java("home", "25.0.1");
        }
        Files.writeString(home.resolve("bin/java"), "#!/bin/sh\n" + commands + "\n");
        Map<String, String> all = new HashMap<>(environment);
        all.put("JAVA_HOME", home.toString());
        return run(DIST.resolve("bin").resolve(program), all);
    }

    /** Until the program has its traps, a HUP would end it; what is ignored stays so through exec. */
    @Test
    void hup_is_ignored_while_the_program_starts() throws Exception {
        Path home = java("home", "25.0.1");
        Files.writeString(home.resolve("bin/java"), """
                #!/bin/sh
                while read -r name value; do
                    case $name in SigIgn:) echo "$value" ;; esac
                done < /proc/self/status
                """);
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/status")));
        String result = run(DIST.resolve("bin/dkimproxy.out"), Map.of("JAVA_HOME", home.toString()));

        assertThat(result).startsWith("0: ");
        assertThat(Long.parseLong(result.substring(3).strip(), 16) & 1).isEqualTo(1);
    }

    /** A shell with CDPATH says where it has gone. */
    @Test
    void variables_of_the_shell_do_not_lead_astray() throws Exception {
        Path tree = treeWithRuntime();

        assertThat(run(
                        tree,
                        Path.of("bin/dkimproxy.out"),
                        Map.of("PATH", "/nonexistent", "CDPATH", directory + ":" + tree)))
                .startsWith("0: runtime ")
                .contains(" -cp " + tree + "/lib/");
    }

    /** As the ports of OpenBSD and FreeBSD install it. */
    @ParameterizedTest
    @ValueSource(strings = {"jdk-25", "openjdk25"})
    void java_of_ports_is_found(String name) throws Exception {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        for (String file : List.of("bin/dkimproxy.out", "lib/launch.sh")) {
            Files.createDirectories(Objects.requireNonNull(tree.resolve(file).getParent()));
            Files.writeString(
                    tree.resolve(file),
                    Files.readString(DIST.resolve(file))
                            .replace("/usr/local", directory + "/local")
                            .replace("/usr/lib/jvm", directory + "/none"));
        }
        java("local/" + name, "25.0.1");

        assertThat(run(tree.resolve("bin/dkimproxy.out"), Map.of("DKIMPROXY_JVM_DIR", "")))
                .startsWith("0: " + name + " ");
    }

    private static void create(Path file, Instant time) throws IOException {
        Files.setLastModifiedTime(Files.createFile(file), FileTime.from(time));
    }

    private Path treeWithRuntime() throws IOException {
        Path tree = copyOfTree();
        java("tree/runtime", "25.0.1");
        return tree;
    }

    private Path copyOfTree() throws IOException {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        for (String name : List.of("bin/dkimproxy.out", "bin/dkimproxy-check", "lib/launch.sh")) {
            Files.createDirectories(Objects.requireNonNull(tree.resolve(name).getParent()));
            Files.copy(DIST.resolve(name), tree.resolve(name));
        }
        return tree;
    }

    /** A directory that looks like a Java of this version, whose java prints its name and arguments. */
    private Path java(String name, String version) throws IOException {
        Path home = directory.resolve(name);
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        Files.writeString(java, """
                #!/bin/sh
                printf '%s' 'NAME'
                for word in "$@"; do
                    case $word in
                        *' '*) printf ' [%s]' "$word" ;;
                        *) printf ' %s' "$word" ;;
                    esac
                done
                echo
                """.replace("NAME", home.getFileName().toString()));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }

    /** Exit code and output of a script with nothing else in its environment. */
    private String run(Path script, Map<String, String> environment, String... args) throws Exception {
        return run(directory, script, environment, args);
    }

    private String run(Path workingDirectory, Path script, Map<String, String> environment, String... args)
            throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("/bin/sh", script.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(workingDirectory.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        builder.environment().put("DKIMPROXY_JVM_DIR", directory.resolve("jvm").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + ": " + output;
    }
}
