package org.dkimproxy.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import org.dkimproxy.testkit.PrivateKeys;

/** The installed tree that the build leaves, and how the benchmarks configure it: RSA-2048, rsa-sha256, relaxed/relaxed. */
record BuiltTree(Path path) {
    /** The tree of this checkout. The scripts beside this source start in the folder of the benchmarks. */
    static BuiltTree ofThisCheckout() {
        Path path =
                Path.of("../../standalone/target/dkimproxy").toAbsolutePath().normalize();
        if (!Files.isExecutable(path.resolve("bin/dkimproxy.out"))) {
            throw new IllegalStateException(path + " is not built: run mvn package");
        }
        return new BuiltTree(path);
    }

    /** The program itself. */
    Path program() {
        return path.resolve("bin/dkimproxy.out");
    }

    /** The Java of the tree with the heap and the cache that {@code lib/launch.sh} gives it, to run a class of the benchmarks. */
    List<String> java(Class<?> main) throws IOException {
        Path lib = path.resolve("lib");
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(lib, "dkimproxy-standalone-*.jar")) {
            return List.of(
                    path.resolve("runtime/bin/java").toString(),
                    "-XX:AOTCache=" + lib.resolve("dkimproxy.aot"),
                    "-Dcom.amazon.corretto.crypto.provider.useExternalLib=true",
                    "-Djava.library.path=" + lib.resolve("native"),
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:+UseSerialGC",
                    "-Xms48m",
                    "-Xmn24m",
                    "-XX:SurvivorRatio=2",
                    "-Xmx1g",
                    "-cp",
                    jars.iterator().next() + ":" + Path.of("target/classes").toAbsolutePath(),
                    main.getName());
        }
    }

    /** Writes a key and a conf file that signs all mail for one domain. */
    static Path configure(Path folder, int listenPort, InetSocketAddress relay, String logLevel)
            throws IOException, GeneralSecurityException {
        Path key = folder.resolve("rsa.key");
        if (!Files.exists(key)) {
            PrivateKeys.writeNewRsa(key);
        }
        String conf = "listen 127.0.0.1:" + listenPort + "\nrelay 127.0.0.1:" + relay.getPort()
                + "\ndomain example.org\nsignature dkim(c=relaxed/relaxed)\nselector bench\nkeyfile " + key
                + "\nlog_level " + logLevel + "\n";
        return Files.writeString(folder.resolve("bench.conf"), conf, StandardCharsets.US_ASCII);
    }
}
