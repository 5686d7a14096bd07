package org.dkimproxy.standalone;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.dkimproxy.standalone.daemon.Signals;
import org.dkimproxy.testkit.Await;

/** The program with a thread in it that ends by a fault as soon as a file is there. */
final class FaultyProgram {
    private static final String CONF_FILE = "--conf_file=";

    private FaultyProgram() {}

    /** The argument names the conf file. */
    public static void main(String[] args) {
        Path trigger = trigger(Path.of(args[0].substring(CONF_FILE.length())));
        Thread.ofPlatform().name("faulty").start(() -> failOnce(trigger));
        System.exit(new DkimproxyOut(System.out, ErrorOutput.ofThisProcess(System.err), Signals::ofThisProcess)
                .run(List.of(args)));
    }

    /** The file that makes the program with this conf file fail. */
    static Path trigger(Path conf) {
        return conf.resolveSibling("fail-now");
    }

    private static void failOnce(Path trigger) {
        try {
            Await.until(() -> Files.exists(trigger), Duration.ofMinutes(2), () -> "file " + trigger);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        throw new IllegalStateException("broken");
    }
}
