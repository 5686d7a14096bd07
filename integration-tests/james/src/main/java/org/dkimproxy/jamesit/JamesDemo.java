package org.dkimproxy.jamesit;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.dkimproxy.testkit.DemoMessage;
import org.dkimproxy.testkit.JdkimJudge;
import org.dkimproxy.testkit.JdkimJudge.Judgement;
import org.dkimproxy.testkit.SmtpSink;

/**
 * Shows the mailet at work: sets up an Apache James with the shipped conf folder as the guide says, makes a key, sends a message
 * through it by SMTP, and lets jdkim, which shares no code with our engine, judge what arrived at the smart host.
 */
public final class JamesDemo {
    private static final String DOMAIN = "example.org";
    private static final String SELECTOR = "2026";
    private static final String RECORD_NAME = SELECTOR + "._domainkey." + DOMAIN;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern LOG_LINES = Pattern.compile(" (SendMailHandler|MailSigner|MailDelivrerToHost) - ");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

    private final Path keygen;
    private final Path libraries;

    private JamesDemo(Path keygen, Path libraries) {
        this.keygen = keygen;
        this.libraries = libraries;
    }

    /**
     * Runs the demonstration.
     *
     * @param args the installed tree of the proxy and its tools; the jar of the mailet for James 3.8; the folder with the jars
     *     of James; the conf folder; a folder to work in, which may not exist
     */
    public static void main(String[] args) throws Exception {
        if (args.length != 5) {
            System.err.println("usage: JamesDemo TREE MAILET LIBRARIES CONF FOLDER");
            System.exit(2);
        }
        JamesDemo demo = new JamesDemo(Path.of(args[0], "bin", "dkimproxy-keygen"), Path.of(args[2]));
        System.exit(demo.run(Path.of(args[1]), Path.of(args[3]), Path.of(args[4])) ? 0 : 1);
    }

    private boolean run(Path mailet, Path conf, Path root) throws Exception {
        try (SmtpSink smartHost = SmtpSink.start()) {
            JamesFolder folder =
                    JamesFolder.install(root, conf, mailet, smartHost.address().getPort());
            heading("The folder of James");
            System.out.println(root.toAbsolutePath().normalize());
            makeKey(folder);
            try (RunningJames james = RunningJames.start(libraries, folder, PATIENCE)) {
                DemoMessage.send(james.address(), PATIENCE);
                SmtpSink.Message received = smartHost.awaitMessages(1, PATIENCE).getFirst();
                james.stop();

                heading("The sender map");
                System.out.print(Files.readString(folder.conf("dkim/sender_map"), StandardCharsets.UTF_8));
                heading("What James logs of the message, and the mailet");
                james.log().stream()
                        .filter(line -> LOG_LINES.matcher(line).find())
                        .forEach(System.out::println);
                heading("The message that the smart host got");
                System.out.writeBytes(received.data());
                return judge(folder, received);
            }
        }
    }

    private void makeKey(JamesFolder folder) throws IOException, InterruptedException {
        List<String> command = List.of(
                keygen.toString(), "--domain=" + DOMAIN, "--selector=" + SELECTOR, "--out=" + folder.conf("dkim"));
        heading("The key");
        System.out.println(String.join(" ", command));
        System.out.flush();
        Process process = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .inheritIO()
                .start();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("dkimproxy-keygen takes longer than " + PATIENCE);
        }
        if (process.exitValue() != 0) {
            throw new IOException("dkimproxy-keygen ends with " + process.exitValue());
        }
    }

    private static boolean judge(JamesFolder folder, SmtpSink.Message received) throws IOException {
        heading("The verdict of jdkim");
        String line = Files.readString(folder.conf("dkim/" + RECORD_NAME + ".txt"), StandardCharsets.US_ASCII);
        String record =
                QUOTED.matcher(line).results().map(text -> text.group(1)).collect(Collectors.joining());
        List<Judgement> judgements = new JdkimJudge(Map.of(RECORD_NAME, record)).judge(received.data());
        judgements.forEach(judgement -> System.out.println((judgement.passes() ? "pass" : "FAIL") + " d="
                + judgement.domain() + " s=" + judgement.selector() + " " + judgement.text()));
        return !judgements.isEmpty() && judgements.stream().allMatch(Judgement::passes);
    }

    private static void heading(String text) {
        System.out.println("\n== " + text);
    }
}
