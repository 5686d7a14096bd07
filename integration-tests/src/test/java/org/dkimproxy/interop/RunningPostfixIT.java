package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.dkimproxy.testkit.RunningPostfix;
import org.dkimproxy.testkit.SmtpSender;
import org.dkimproxy.testkit.SmtpSink;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The Postfix of the tests keeps its queue over a stop and a crash, and leaves nothing behind. */
class RunningPostfixIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final byte[] MESSAGE = "From: a@example.org\r\n\r\nHi\r\n".getBytes(StandardCharsets.US_ASCII);

    @BeforeAll
    static void require() {
        Requirements.postfixServer();
    }

    @Test
    void queue_survives_a_stop_and_a_crash() throws Exception {
        Path folder;
        try (SmtpSink sink = SmtpSink.start()) {
            RunningPostfix.Setup setup = RunningPostfix.setup()
                    .with("relayhost", "[127.0.0.1]:" + sink.address().getPort())
                    .with("defer_transports", "smtp")
                    .services("HOST:2525 inet n - n - - smtpd");
            try (RunningPostfix postfix = setup.start()) {
                folder = postfix.folder();
                assertThat(send(postfix)).isEqualTo(250);
                postfix.awaitQueue(1, PATIENCE);
                postfix.stop();
                assertThat(postfix.master()).isEmpty();
                postfix.start();
                assertThat(send(postfix)).isEqualTo(250);
                ProcessHandle master = postfix.master().orElseThrow();
                postfix.kill();
                assertThat(master.isAlive()).isFalse();
                postfix.start();
                postfix.awaitQueue(2, PATIENCE);
                assertThat(sink.messages()).isEmpty();
            }
        }
        assertThat(folder).doesNotExist();
    }

    @Test
    void a_wrong_configuration_is_told() {
        assertThatThrownBy(() -> RunningPostfix.setup().services("nonsense").start())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bad field count");
    }

    private static int send(RunningPostfix postfix) throws IOException {
        try (SmtpSender sender = SmtpSender.connect(postfix.address(2525), PATIENCE)) {
            sender.readReply();
            return sender.transact("a@example.org", List.of("b@example.net"), MESSAGE)
                    .code();
        }
    }
}
