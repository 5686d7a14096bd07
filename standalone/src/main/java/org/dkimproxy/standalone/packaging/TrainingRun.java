package org.dkimproxy.standalone.packaging;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Has the program of an installable tree do what it does in production, and the Java of the tree write down which classes and
 * methods that takes: the AOT cache, with which each later start is quick (JEP 483, 514 and 515).
 */
final class TrainingRun {
    /** In two sessions; and as many sessions with one message each. */
    private static final int MESSAGES = 400;

    private static final int LARGE_MESSAGES = 4;

    /** Copies of one key, each read as the others are: enough to tell what is hot in that. */
    private static final int KEYS = 400;

    private static final int LINES = 60;
    private static final int LINES_OF_LARGE = 10_000;
    private static final long PATIENCE_SECONDS = 120;
    private static final Pattern LISTENING = Pattern.compile("listening on .*:(\\d+), relaying to .*");

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final CompletableFuture<String> reloaded = new CompletableFuture<>();

    private TrainingRun() {}

    /** The arguments are the tree, and the file that is to be the cache. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory("training");
        TrainingRun run = new TrainingRun();
        try {
            run.train(Path.of(arguments[0]), Path.of(arguments[1]), directory);
        } catch (Exception failed) {
            throw new IOException("no cache was made:\n" + String.join("\n", run.log), failed);
        } finally {
            try (var files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        }
    }

    private void train(Path tree, Path cache, Path directory) throws Exception {
        try (TrainingRelay relay = new TrainingRelay()) {
            ProcessBuilder builder = new ProcessBuilder(
                            tree.resolve("bin/dkimproxy.out").toString(),
                            "--conf_file=" + configure(tree, directory, relay.port()))
                    .redirectErrorStream(true);
            builder.environment().put("DKIMPROXY_JAVA_OPTS", "-XX:AOTCacheOutput=" + cache.toAbsolutePath());
            Process program = builder.start();
            try {
                Thread reader = Thread.ofVirtual().start(() -> read(program));
                int listening = port.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                send(listening, MESSAGES, 1, LINES);
                send(listening, 2, LARGE_MESSAGES / 2, LINES_OF_LARGE);
                run("sh", "-c", "kill -s HUP " + program.pid());
                reloaded.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                send(listening, 2, MESSAGES / 2, LINES);
                program.toHandle().destroy();
                if (!program.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        || !reader.join(Duration.ofSeconds(PATIENCE_SECONDS))) {
                    throw new IOException("the program does not end");
                }
            } finally {
                program.destroyForcibly();
            }
            if (program.exitValue() != 0 || !Files.isRegularFile(cache)) {
                throw new IOException("exit code " + program.exitValue());
            }
            if (relay.signed() != 2 * MESSAGES + LARGE_MESSAGES) {
                throw new IOException(
                        "of " + (2 * MESSAGES + LARGE_MESSAGES) + " messages " + relay.signed() + " were signed");
            }
        }
    }

    private static Path configure(Path tree, Path directory, int relayPort) throws IOException, InterruptedException {
        Path rsa = makeKey(tree, directory, "rsa");
        Path ed25519 = makeKey(tree, directory, "ed25519");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < KEYS; i++) {
            Path copy = Files.copy(rsa, directory.resolve("rsa" + i + ".pem"));
            lines.append("host")
                    .append(i)
                    .append(".example.org dkim(s=five,key=")
                    .append(copy)
                    .append(")\n");
        }
        Path map = Files.writeString(
                directory.resolve("map"),
                lines + "example.org dkim(c=relaxed/relaxed,s=one,key=" + rsa + "), dkim(a=ed25519-sha256,s=two,key="
                        + ed25519 + ")\n. dkim(d=example.net,s=three,key=" + rsa + ")\n");
        return Files.writeString(
                directory.resolve("conf"),
                "listen 127.0.0.1:0\nrelay 127.0.0.1:" + relayPort + "\nsender_map " + map + "\npidfile "
                        + directory.resolve("pid")
                        + "\ndomain example.edu\nsignature dkim(c=relaxed/relaxed)\nselector four\nkeyfile "
                        + rsa + "\nlog_level info\n");
    }

    private static Path makeKey(Path tree, Path directory, String type) throws IOException, InterruptedException {
        run(
                tree.resolve("bin/dkimproxy-keygen").toString(),
                "--domain=example.org",
                "--selector=" + type,
                "--type=" + type,
                "--out=" + directory);
        return directory.resolve(type + "._domainkey.example.org.key");
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": exit code " + process.exitValue());
        }
    }

    /** Sends messages, half of them from a sender of the catch-all rule. */
    private static void send(int port, int sessions, int messagesEach, int lines) throws IOException {
        String text = "Subject: training\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n\r\n"
                + "Words  and more words, with a blank at the end \r\n".repeat(lines) + ".\r\n";
        for (int session = 0; session < sessions; session++) {
            String sender = session % 2 == 0 ? "joe@example.org" : "joe@example.com";
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(Math.toIntExact(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS)));
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                expect(in, "220");
                say(socket, in, "EHLO client.example.org\r\n", "250");
                for (int i = 0; i < messagesEach; i++) {
                    say(socket, in, "MAIL FROM:<" + sender + ">\r\n", "250");
                    say(socket, in, "RCPT TO:<suzie@example.net>\r\n", "250");
                    say(socket, in, "DATA\r\n", "354");
                    say(socket, in, "From: Joe <" + sender + ">\r\nTo: <suzie@example.net>\r\n" + text, "250");
                }
                say(socket, in, "QUIT\r\n", "2");
            }
        }
    }

    private static void say(Socket socket, BufferedReader in, String words, String reply) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(words.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        expect(in, reply);
    }

    private static void expect(BufferedReader in, String reply) throws IOException {
        String line = in.readLine();
        while (line != null && line.startsWith("-", 3)) {
            line = in.readLine();
        }
        if (line == null || !line.startsWith(reply)) {
            throw new IOException("found reply " + line + ", expected " + reply);
        }
    }

    private void read(Process program) {
        try (BufferedReader lines = program.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.add(line);
                Matcher listening = LISTENING.matcher(line);
                if (listening.matches()) {
                    port.complete(Integer.valueOf(listening.group(1)));
                } else if (line.equals("configuration reloaded")) {
                    reloaded.complete(line);
                }
            }
            port.completeExceptionally(new IOException("the program ended"));
            reloaded.completeExceptionally(new IOException("the program ended"));
        } catch (IOException broken) {
            port.completeExceptionally(broken);
        }
    }
}
