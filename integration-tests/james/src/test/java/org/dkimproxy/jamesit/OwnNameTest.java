package org.dkimproxy.jamesit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnNameTest {
    @TempDir
    Path folder;

    /** Prints the address of this machine; run in a virtual machine of its own. */
    static final class PrintAddress {
        private PrintAddress() {}

        public static void main(String[] args) throws UnknownHostException {
            System.out.println(InetAddress.getLocalHost().getHostAddress());
        }
    }

    @Test
    void a_name_with_an_address_needs_no_flags() throws Exception {
        assertThat(OwnName.flags(InetAddress::getLoopbackAddress, folder)).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_name_without_an_address_gets_one() throws Exception {
        List<String> flags = OwnName.flags(
                () -> {
                    throw new UnknownHostException("no address");
                },
                folder);
        assertThat(printedWith(flags)).isEqualTo("127.0.0.1\n");
    }

    /** A virtual machine with a hosts file asks no other resolver, so an empty one is a machine that does not know its name. */
    @Test
    void without_them_the_name_is_unknown() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty"));
        assertThat(printedWith(List.of("-Djdk.net.hosts.file=" + empty))).contains("UnknownHostException");
    }

    private static String printedWith(List<String> flags) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), PrintAddress.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
