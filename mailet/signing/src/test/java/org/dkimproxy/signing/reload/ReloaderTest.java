package org.dkimproxy.signing.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
    void changed_file_is_read_without_being_asked() throws Exception {
        Path file = Files.writeString(directory.resolve("map"), "one");
        BlockingQueue<String> read = new LinkedBlockingQueue<>();
        FileStamps files = FileStamps.of(List.of(file));
        Reloader reloader = Reloader.start(files, EntryCounts.NONE, review -> readInto(read, file), SHORT);
        try (reloader) {
            Files.writeString(file, "changed");
            assertThat(read.poll(20, TimeUnit.SECONDS)).isEqualTo("changed");
            Files.writeString(file, "again");
            assertThat(read.poll(20, TimeUnit.SECONDS)).isEqualTo("again");
        }
    }

    @Test
    void requests_during_a_reading_are_met_by_one_more() throws Exception {
        BlockingQueue<Integer> readings = new LinkedBlockingQueue<>();
        AtomicInteger count = new AtomicInteger();
        CountDownLatch mayGoOn = new CountDownLatch(1);
        FileStamps files = FileStamps.of(List.of());
        Reloader reloader = Reloader.start(
                files,
                EntryCounts.NONE,
                review -> {
                    readings.add(count.incrementAndGet());
                    await(mayGoOn);
                    return outcome(files);
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
    void whoever_waits_for_a_reading_gets_one_that_began_later() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        FileStamps files = FileStamps.of(List.of());
        Reloader reloader = Reloader.start(
                files,
                EntryCounts.NONE,
                review -> {
                    begun.incrementAndGet();
                    ended.incrementAndGet();
                    if (begun.get() % 2 == 0) {
                        throw new IllegalStateException("fault");
                    }
                    return outcome(files);
                },
                NEVER);
        try (reloader) {
            for (int i = 0; i < 100; i++) {
                int before = begun.get();
                assertThat(reloader.requestAndWait(Duration.ofSeconds(20))).isTrue();
                assertThat(ended.get()).isGreaterThan(before);
            }
        }
    }

    @Test
    void whoever_waits_for_a_reading_waits_no_longer_than_he_wants() throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        FileStamps files = FileStamps.of(List.of());
        Reloader reloader = Reloader.start(
                files,
                EntryCounts.NONE,
                review -> {
                    await(mayGoOn);
                    return outcome(files);
                },
                NEVER);
        try (reloader) {
            assertThat(reloader.requestAndWait(SHORT)).isFalse();
            mayGoOn.countDown();
            assertThat(reloader.requestAndWait(Duration.ofSeconds(20))).isTrue();
        }
    }

    @Test
    void fault_of_a_reading_does_not_end_the_watch() throws Exception {
        AtomicInteger count = new AtomicInteger();
        BlockingQueue<Integer> good = new LinkedBlockingQueue<>();
        FileStamps files = FileStamps.of(List.of());
        Reloader reloader = Reloader.start(
                files,
                EntryCounts.NONE,
                review -> {
                    if (count.incrementAndGet() == 1) {
                        good.add(0);
                        throw new IllegalStateException("fault");
                    }
                    good.add(count.get());
                    return outcome(files);
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
    void error_of_a_reading_does_not_end_the_watch() throws Exception {
        BlockingQueue<Integer> readings = new LinkedBlockingQueue<>();
        AtomicInteger count = new AtomicInteger();
        FileStamps files = FileStamps.of(List.of());
        Reloader reloader = Reloader.start(
                files,
                EntryCounts.NONE,
                review -> {
                    readings.add(count.incrementAndGet());
                    if (count.get() == 1) {
                        throw new OutOfMemoryError("a huge map");
                    }
                    return outcome(files);
                },
                NEVER);
        try (reloader) {
            reloader.request();
            assertThat(readings.poll(20, TimeUnit.SECONDS)).isEqualTo(1);
            reloader.request();
            assertThat(readings.poll(5, TimeUnit.SECONDS)).isEqualTo(2);
        }
        assertThat(CapturingLogProvider.linesWith("configuration reload failed by an internal error"))
                .isNotEmpty();
    }

    /** A reading that gives nothing to watch stands in for any fault of a look. */
    @Test
    @SuppressWarnings("NullAway")
    void fault_of_a_look_does_not_end_the_watch() throws Exception {
        BlockingQueue<Integer> readings = new LinkedBlockingQueue<>();
        AtomicInteger count = new AtomicInteger();
        FileStamps files = FileStamps.of(List.of());
        Reloader reloader = Reloader.start(
                files,
                EntryCounts.NONE,
                review -> {
                    readings.add(count.incrementAndGet());
                    return outcome(count.get() == 1 ? null : files);
                },
                SHORT);
        try (reloader) {
            reloader.request();
            assertThat(readings.poll(20, TimeUnit.SECONDS)).isEqualTo(1);
            Thread.sleep(100);
            reloader.request();
            assertThat(readings.poll(5, TimeUnit.SECONDS)).isEqualTo(2);
        }
        assertThat(CapturingLogProvider.linesWith("cannot watch the files")).isNotEmpty();
    }

    /** A configuration of one file, whose lines are its entries; notes each content that it takes. */
    private static final class Lines implements Reloadable {
        private final Path file;
        private final BlockingQueue<String> taken = new LinkedBlockingQueue<>();
        private final AtomicInteger readings = new AtomicInteger();
        private volatile Runnable whileReading = () -> {};

        Lines(Path file) {
            this.file = file;
        }

        FileStamps files() {
            return FileStamps.of(List.of(file));
        }

        EntryCounts entries(String content) {
            return EntryCounts.of(file, (int) content.lines().count());
        }

        @Override
        public Outcome reload(ReloadReview review) {
            FileStamps files = files();
            String content = content(file);
            readings.incrementAndGet();
            whileReading.run();
            boolean isAdmitted = review.admits(files, entries(content));
            if (isAdmitted) {
                taken.add(content);
            }
            return new Outcome(files, isAdmitted ? Optional.of(entries(content)) : Optional.empty());
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void append(Path file) {
        try {
            Files.writeString(file, "more\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Lines lines(int count) throws IOException {
        return new Lines(Files.writeString(directory.resolve("map"), "x\n".repeat(count)));
    }

    private static Reloader watch(Lines lines, Duration poll) {
        return Reloader.start(lines.files(), lines.entries(content(lines.file)), lines, poll);
    }

    @Test
    void file_that_loses_most_of_its_entries_is_taken_once_it_stays_the_same() throws Exception {
        Lines lines = lines(10);
        try (Reloader reloader = watch(lines, SHORT)) {
            Files.writeString(lines.file, "x\n".repeat(4));
            String fell = "file " + lines.file + ": entries fell from 10 to 4; ";
            awaitLine(fell + "the previous configuration stays active unless the file stays the same for 2 s");
            long held = System.nanoTime();

            assertThat(lines.taken.poll(20, TimeUnit.SECONDS)).isEqualTo("x\n".repeat(4));
            assertThat(System.nanoTime() - held).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(1500));
            awaitLine(fell + "taken, since the file stayed the same");
            assertThat(reloader).isNotNull();
        }
    }

    @Test
    void file_that_loses_half_of_its_entries_is_taken_at_once() throws Exception {
        Lines lines = lines(10);
        try (Reloader reloader = watch(lines, SHORT)) {
            Files.writeString(lines.file, "x\n".repeat(5));

            assertThat(lines.taken.poll(1500, TimeUnit.MILLISECONDS)).isEqualTo("x\n".repeat(5));
            assertThat(reloader).isNotNull();
        }
    }

    @Test
    void file_that_is_rewritten_after_it_was_empty_is_never_taken_empty() throws Exception {
        Lines lines = lines(100);
        try (Reloader reloader = watch(lines, SHORT)) {
            Files.writeString(lines.file, "");
            awaitLine("file " + lines.file + ": entries fell from 100 to 0; ");
            Files.writeString(lines.file, "y\n".repeat(99));

            assertThat(lines.taken.poll(20, TimeUnit.SECONDS)).isEqualTo("y\n".repeat(99));
            assertThat(reloader).isNotNull();
        }
    }

    @Test
    void request_takes_a_file_that_lost_its_entries_at_once_with_a_warning() throws Exception {
        Lines lines = lines(100);
        try (Reloader reloader = watch(lines, NEVER)) {
            Files.writeString(lines.file, "");
            reloader.request();

            assertThat(lines.taken.poll(1500, TimeUnit.MILLISECONDS)).isEmpty();
            awaitLine("file " + lines.file + ": entries fell from 100 to 0; taken, since a reload was requested");
        }
    }

    @Test
    void request_takes_a_file_that_is_held_already() throws Exception {
        Lines lines = lines(100);
        try (Reloader reloader = watch(lines, SHORT)) {
            Files.writeString(lines.file, "");
            awaitLine("file " + lines.file + ": entries fell from 100 to 0; the previous");
            reloader.request();

            assertThat(lines.taken.poll(1000, TimeUnit.MILLISECONDS)).isEmpty();
        }
    }

    @Test
    void file_that_changes_while_it_is_read_is_read_again() throws Exception {
        Lines lines = lines(1);
        lines.whileReading = () -> {
            if (lines.readings.get() == 1) {
                append(lines.file);
            }
        };
        try (Reloader reloader = watch(lines, NEVER)) {
            reloader.request();

            assertThat(lines.taken.poll(20, TimeUnit.SECONDS)).isEqualTo("x\nmore\n");
            assertThat(lines.readings).hasValue(2);
        }
    }

    @Test
    void file_that_changes_while_it_is_read_by_itself_is_read_again() throws Exception {
        Lines lines = lines(1);
        lines.whileReading = () -> {
            if (lines.readings.get() == 1) {
                append(lines.file);
            }
        };
        try (Reloader reloader = watch(lines, SHORT)) {
            append(lines.file);

            assertThat(lines.taken.poll(20, TimeUnit.SECONDS)).isEqualTo("x\nmore\nmore\n");
            assertThat(lines.taken.poll(100, TimeUnit.MILLISECONDS)).isNull();
            assertThat(reloader).isNotNull();
        }
    }

    @Test
    void request_for_a_file_that_keeps_changing_is_met_once_it_stays_the_same() throws Exception {
        Lines lines = lines(1);
        lines.whileReading = () -> {
            if (lines.readings.get() <= 5) {
                append(lines.file);
            }
        };
        try (Reloader reloader = watch(lines, Duration.ofMillis(700))) {
            reloader.request();

            assertThat(lines.taken.poll(20, TimeUnit.SECONDS)).isEqualTo("x\n" + "more\n".repeat(5));
            awaitLine("configuration not reloaded: a file changes while it is read");
        }
    }

    private static void awaitLine(String begin) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (CapturingLogProvider.linesWith(begin).isEmpty()) {
            assertThat(System.nanoTime()).as(begin).isLessThan(deadline);
            Thread.sleep(10);
        }
    }

    private static Reloadable.Outcome outcome(FileStamps files) {
        return new Reloadable.Outcome(files, Optional.empty());
    }

    private static Reloadable.Outcome readInto(BlockingQueue<String> read, Path file) {
        FileStamps stamps = FileStamps.of(List.of(file));
        try {
            read.add(Files.readString(file));
        } catch (IOException e) {
            read.add(e.toString());
        }
        return outcome(stamps);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
