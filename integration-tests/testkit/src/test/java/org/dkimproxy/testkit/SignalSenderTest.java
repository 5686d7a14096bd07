package org.dkimproxy.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SignalSenderTest {
    @Test
    void a_signal_arrives() throws Exception {
        // not HUP, which a run under nohup has every shell ignore
        Process process = new ProcessBuilder("sh", "-c", "trap 'exit 7' USR1; echo ready; read -r line").start();
        try {
            assertThat(process.inputReader().readLine()).isEqualTo("ready");
            SignalSender.send("USR1", process.pid());
            // the shell looks at its traps once read ends
            process.getOutputStream().close();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(7);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void a_process_that_ended_is_an_error() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        assertThatIOException()
                .isThrownBy(() -> SignalSender.send("HUP", process.pid()))
                .withMessage("cannot send HUP to process " + process.pid());
    }
}
