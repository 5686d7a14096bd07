package org.dkimproxy.standalone;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dkimproxy.testkit.RunningProxy;

/** Programs of the classes under test, before there is a tree of them. */
final class ClassPath {
    private ClassPath() {}

    /** Starts a main class in a Java of its own; it need not listen. */
    static RunningProxy launch(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return RunningProxy.launch(command);
    }
}
