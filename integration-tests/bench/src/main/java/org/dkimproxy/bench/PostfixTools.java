package org.dkimproxy.bench;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** smtp-source and smtp-sink, the load generator and the receiver that come with Postfix. */
final class PostfixTools {
    private static final String SOURCE = "/usr/sbin/smtp-source";
    private static final String SINK = "/usr/sbin/smtp-sink";
    private static final int BACKLOG = 1000;
    private static final int LONGEST_RUN_MINUTES = 5;

    private PostfixTools() {}

    /** A running smtp-sink. */
    record Sink(Process process, InetSocketAddress address) implements AutoCloseable {
        static Sink start() throws IOException, InterruptedException {
            if (!Files.isExecutable(Path.of(SINK))) {
                throw new IOException(SINK + " is missing: apt-get install postfix");
            }
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
            List<String> command = new ArrayList<>(List.of(SINK));
            if ("root".equals(System.getProperty("user.name"))) {
                command.addAll(List.of("-u", "postfix"));
            }
            command.addAll(List.of("127.0.0.1:" + address.getPort(), Integer.toString(BACKLOG)));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            awaitListening(address, process);
            return new Sink(process, address);
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    /**
     * Sends messages and waits for the last answer.
     *
     * @param keepsOpen one connection for each session, rather than one for each message
     * @return messages a second
     */
    static double rate(InetSocketAddress server, int sessions, int messages, int octets, boolean keepsOpen)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(SOURCE));
        if (keepsOpen) {
            command.add("-d");
        }
        command.addAll(List.of(
                "-s",
                Integer.toString(sessions),
                "-m",
                Integer.toString(messages),
                "-l",
                Integer.toString(octets),
                "-f",
                "alice@example.org",
                "-t",
                "bob@example.net",
                "127.0.0.1:" + server.getPort()));
        long begin = System.nanoTime();
        Process source = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .inheritIO()
                .start();
        if (!source.waitFor(LONGEST_RUN_MINUTES, TimeUnit.MINUTES)) {
            source.destroyForcibly();
            throw new IOException("smtp-source did not end");
        }
        if (source.exitValue() != 0) {
            throw new IOException("smtp-source failed: " + String.join(" ", command));
        }
        return messages * 1e9 / (System.nanoTime() - begin);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static void awaitListening(InetSocketAddress address, Process process) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < 500 && process.isAlive(); attempt++) {
            try (Socket socket = new Socket()) {
                socket.connect(address, 1000);
                return;
            } catch (IOException notYet) {
                Thread.sleep(10);
            }
        }
        process.destroyForcibly();
        throw new IOException("nobody listens on " + address);
    }
}
