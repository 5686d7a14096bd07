package org.dkimproxy.standalone.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.dkimproxy.standalone.smtp.WireInput;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FairReadsTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    /** Which queue of the scheduler a thread comes into is left to chance: a yield alone helps in one of three cases. */
    @RepeatedTest(20)
    void who_sends_without_end_lets_others_have_their_turn() throws Exception {
        AtomicBoolean hadItsTurn = new AtomicBoolean();
        int carriers = Runtime.getRuntime().availableProcessors();
        CountDownLatch begun = new CountDownLatch(carriers);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> readers = new ArrayList<>();
            for (int i = 0; i < carriers; i++) {
                Connection connection = new Connection(new EndlessPeer(), () -> LONG);
                connection.readUntil(() -> false);
                readers.add(threads.submit(() -> {
                    begun.countDown();
                    return readsUntil(hadItsTurn, connection.input());
                }));
            }
            begun.await();
            Thread.ofPlatform()
                    .start(() -> threads.execute(() -> hadItsTurn.set(true)))
                    .join();

            for (Future<Boolean> reader : readers) {
                assertThat(reader.get()).isTrue();
            }
        }
    }

    /** Whether it was so within ten seconds, in which this thread does nothing but read. */
    private static boolean readsUntil(AtomicBoolean isSo, WireInput input) throws IOException {
        long begin = System.nanoTime();
        while (!isSo.get() && System.nanoTime() - begin < LONG.dividedBy(5).toNanos()) {
            input.fill();
            input.skip(input.buffered());
        }
        return isSo.get();
    }

    private static final class EndlessPeer implements Transport {
        @Override
        public int read(byte[] array, int offset, int length, int millis) {
            return length;
        }

        @Override
        public boolean hasInput() {
            return true;
        }

        @Override
        public void write(byte[] array, int offset, int length) {}

        @Override
        public void endInput() {}

        @Override
        public void endOutput() {}

        @Override
        public InetAddress peer() {
            return InetAddress.getLoopbackAddress();
        }

        @Override
        public void close() {}
    }
}
