package org.dkimproxy.standalone.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LogQueueTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<String> written = Collections.synchronizedList(new ArrayList<>());
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final Semaphore permits = new Semaphore(0);

    @Test
    void writes_every_line_in_order() {
        LogQueue queue = start((level, line) -> written.add(level.word() + " " + line));
        IntStream.range(0, 10_000).forEach(i -> queue.offer(LogLevel.INFO, "line " + i));

        assertThat(queue.flush(LONG)).isTrue();
        assertThat(written)
                .isEqualTo(IntStream.range(0, 10_000)
                        .mapToObj(i -> "info line " + i)
                        .toList());
        assertThat(complaints).isEmpty();
    }

    @Test
    void stuck_place_holds_nobody_up_and_the_loss_is_counted_where_it_happened() {
        LogQueue queue = start((_, line) -> {
            permits.acquireUninterruptibly();
            written.add(line);
        });
        String line = "x".repeat(LogLine.LIMIT);
        int offered = 3 * LogQueue.CAPACITY / LogLine.LIMIT;
        IntStream.range(0, offered).forEach(_ -> queue.offer(LogLevel.DEBUG, line));
        assertThat(queue.flush(Duration.ofMillis(10))).isFalse();

        permits.release(Integer.MAX_VALUE / 2);
        assertThat(queue.flush(LONG)).isTrue();
        queue.offer(LogLevel.DEBUG, "after");
        assertThat(queue.flush(LONG)).isTrue();

        int kept = written.indexOf(offered - kept() + " log lines lost");
        assertThat(kept).isEqualTo(kept()).isLessThanOrEqualTo(LogQueue.CAPACITY / LogLine.LIMIT + 1);
        assertThat(written.subList(kept + 1, written.size())).containsExactly("after");
    }

    @Test
    void failure_is_complained_of_once_and_the_loss_is_told_when_it_is_over() {
        List<String> trouble = new CopyOnWriteArrayList<>(List.of("disk full"));
        LogQueue queue = start((level, line) -> {
            if (!trouble.isEmpty()) {
                throw new IOException(trouble.getFirst());
            }
            written.add(level.word() + " " + line);
        });
        IntStream.range(0, 3).forEach(_ -> queue.offer(LogLevel.INFO, "lost"));
        assertThat(queue.flush(LONG)).isTrue();
        trouble.clear();
        queue.offer(LogLevel.INFO, "kept");
        assertThat(queue.flush(LONG)).isTrue();

        assertThat(complaints).containsExactly("disk full; its lines are lost until that changes");
        assertThat(written).containsExactly("warning 3 log lines lost", "info kept");
    }

    @Test
    void fault_of_a_place_does_not_end_the_queue() {
        List<String> first = new CopyOnWriteArrayList<>(List.of("fault"));
        LogQueue queue = start((_, line) -> {
            if (!first.isEmpty()) {
                throw new IllegalStateException(first.removeFirst());
            }
            written.add(line);
        });
        queue.offer(LogLevel.INFO, "one");
        queue.offer(LogLevel.INFO, "two");

        assertThat(queue.flush(LONG)).isTrue();
        assertThat(written).containsExactly("1 log line lost", "two");
        assertThat(complaints.getFirst()).startsWith("java.lang.IllegalStateException: fault at ");
    }

    @Test
    void not_even_an_error_ends_the_queue() {
        List<Error> first =
                new CopyOnWriteArrayList<>(List.of(new NoClassDefFoundError("gone"), new StackOverflowError()));
        LogQueue queue = LogQueue.start(
                "log-test",
                (_, line) -> {
                    if (!first.isEmpty()) {
                        throw first.removeFirst();
                    }
                    written.add(line);
                },
                complaint -> {
                    complaints.add(complaint);
                    throw new IllegalStateException("fault in telling of a fault");
                });
        IntStream.range(0, 3).forEach(i -> queue.offer(LogLevel.INFO, "line " + i));

        assertThat(queue.flush(LONG)).isTrue();
        assertThat(written).containsExactly("2 log lines lost", "line 2");
        assertThat(complaints).hasSize(1);
        assertThat(complaints.getFirst()).startsWith("java.lang.NoClassDefFoundError: gone at ");
    }

    private long kept() {
        return written.stream().filter(line -> line.startsWith("x")).count();
    }

    private LogQueue start(LogTarget target) {
        return LogQueue.start("log-test", target, complaints::add);
    }
}
