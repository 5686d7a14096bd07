package org.dkimproxy.signing.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.dkimproxy.signing.log.CapturingLogProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReloaderTest {
    private static final Duration SHORT = Duration.ofMillis(10);
    private static final Duration NEVER = Duration.ofDays(1);

    @TempDir
    Path directory;

    @Test
    void changedFileIsReadWithoutBeingAsked() throws Exception {
        Path file = Files.writeString(directory.resolve("map"), "one");
        BlockingQueue<String> read = new LinkedBlockingQueue<>();
        FileStamps files = FileStamps.of(List.of(file));
        Reloader reloader = Reloader.start(files, () -> readInto(read, file), SHORT);
        try (reloader) {
            Files.writeString(file, "changed");
            assertThat(read.poll(20, TimeUnit.SECONDS)).isEqualTo("changed");
            Files.writeString(file, "again");
            assertThat(read.poll(20, TimeUnit.SECONDS)).isEqualTo("again");
        }
    }

    @Test
    void requestsDuringAReadingAreMetByOneMore() throws Exception {
        BlockingQueue<Integer> readings = new LinkedBlockingQueue<>();
        AtomicInteger count = new AtomicInteger();
        CountDownLatch mayGoOn = new CountDownLatch(1);
        FileStamps files = FileStamps.of(List.of());
        Reloader reloader = Reloader.start(
                files,
                () -> {
                    readings.add(count.incrementAndGet());
                    await(mayGoOn);
                    return files;
                },
                NEVER);
        try (reloader) {
            reloader.request();
            assertThat(readings.poll(20, TimeUnit.SECONDS)).isEqualTo(1);
            for (int i = 0; i < 1000; i++) {
                reloader.request();
            }
            mayGoOn.countDown();
            assertThat(readings.poll(20, TimeUnit.SECONDS)).isEqualTo(2);
            reloader.request();
            assertThat(readings.poll(20, TimeUnit.SECONDS)).isEqualTo(3);
        }
    }

    @Test
    void faultOfAReadingDoesNotEndTheWatch() throws Exception {
        AtomicInteger count = new AtomicInteger();
        BlockingQueue<Integer> good = new LinkedBlockingQueue<>();
        FileStamps files = FileStamps.of(List.of());
        Reloader reloader = Reloader.start(
                files,
                () -> {
                    if (count.incrementAndGet() == 1) {
                        good.add(0);
                        throw new IllegalStateException("fault");
                    }
                    good.add(count.get());
                    return files;
                },
                NEVER);
        try (reloader) {
            reloader.request();
            assertThat(good.poll(20, TimeUnit.SECONDS)).isZero();
            reloader.request();
            assertThat(good.poll(20, TimeUnit.SECONDS)).isEqualTo(2);
        }
    }

    /** A map that is too large for the memory ends a reading with an error, which is no exception. */
    @Test
    void errorOfAReadingDoesNotEndTheWatch() throws Exception {
        BlockingQueue<Integer> readings = new LinkedBlockingQueue<>();
        AtomicInteger count = new AtomicInteger();
        FileStamps files = FileStamps.of(List.of());
        Reloader reloader = Reloader.start(
                files,
                () -> {
                    readings.add(count.incrementAndGet());
                    if (count.get() == 1) {
                        throw new OutOfMemoryError("a huge map");
                    }
                    return files;
                },
                NEVER);
        try (reloader) {
            reloader.request();
            assertThat(readings.poll(20, TimeUnit.SECONDS)).isEqualTo(1);
            reloader.request();
            assertThat(readings.poll(5, TimeUnit.SECONDS)).isEqualTo(2);
        }
        assertThat(CapturingLogProvider.linesWith("configuration reload failed by a fault of this program"))
                .isNotEmpty();
    }

    /** A reading that gives nothing to watch stands in for any fault of a look. */
    @Test
    @SuppressWarnings("NullAway")
    void faultOfALookDoesNotEndTheWatch() throws Exception {
        BlockingQueue<Integer> readings = new LinkedBlockingQueue<>();
        AtomicInteger count = new AtomicInteger();
        FileStamps files = FileStamps.of(List.of());
        Reloader reloader = Reloader.start(
                files,
                () -> {
                    readings.add(count.incrementAndGet());
                    return count.get() == 1 ? null : files;
                },
                SHORT);
        try (reloader) {
            reloader.request();
            assertThat(readings.poll(20, TimeUnit.SECONDS)).isEqualTo(1);
            Thread.sleep(100);
            reloader.request();
            assertThat(readings.poll(5, TimeUnit.SECONDS)).isEqualTo(2);
        }
        assertThat(CapturingLogProvider.linesWith("cannot be watched")).isNotEmpty();
    }

    private static FileStamps readInto(BlockingQueue<String> read, Path file) {
        FileStamps stamps = FileStamps.of(List.of(file));
        try {
            read.add(Files.readString(file));
        } catch (IOException e) {
            read.add(e.toString());
        }
        return stamps;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
