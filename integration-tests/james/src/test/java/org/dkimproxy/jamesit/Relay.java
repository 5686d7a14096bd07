package org.dkimproxy.jamesit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.dkimproxy.testkit.SmtpSender;

/** A whole James 3.8 with our conf folder, and the smart host that it sends to. */
final class Relay implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private final SmartHost smartHost;
    private final JamesFolder folder;
    private final RunningJames james;

    private Relay(SmartHost smartHost, JamesFolder folder, RunningJames james) {
        this.smartHost = smartHost;
        this.folder = folder;
        this.james = james;
    }

    /** What a test does to the conf folder before James starts. */
    @FunctionalInterface
    interface Change {
        void apply(JamesFolder folder) throws IOException;
    }

    /** Starts James in a new folder, as the guide says. */
    static Relay start(Path root, Change change) throws IOException, InterruptedException {
        SmartHost smartHost = new SmartHost();
        try {
            JamesFolder folder = JamesFolder.install(root, Shipped.CONF, Shipped.javax(), smartHost.port());
            change.apply(folder);
            return new Relay(smartHost, folder, RunningJames.start(Guide.start(root), root, PATIENCE));
        } catch (IOException | InterruptedException failed) {
            smartHost.close();
            throw failed;
        }
    }

    JamesFolder folder() {
        return folder;
    }

    RunningJames james() {
        return james;
    }

    SmartHost smartHost() {
        return smartHost;
    }

    /** Sends messages through James, and waits until it has tried to send on as many; see {@link SmartHost#take}. */
    Map<String, byte[]> deliver(List<Case> cases) throws IOException, InterruptedException {
        try (SmtpSender sender = SmtpSender.connect(james.address(), PATIENCE)) {
            sender.readReply();
            for (Case one : cases) {
                SmtpSender.Reply reply = sender.transact(one.sender(), List.of(one.recipient()), one.message());
                if (!reply.isClass(2)) {
                    throw new IOException("James refuses " + one + ": " + reply);
                }
            }
        }
        return smartHost.take(cases.size());
    }

    @Override
    public void close() throws IOException {
        try (smartHost) {
            james.close();
        }
    }
}
