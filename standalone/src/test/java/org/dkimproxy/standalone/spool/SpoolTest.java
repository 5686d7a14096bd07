package org.dkimproxy.standalone.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.dkimproxy.standalone.access.ClientNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolTest {
    private static final int MEMORY = 1000;
    private static final ClientNetwork HERE = ClientNetwork.of(InetAddress.getLoopbackAddress());

    private final SpoolBudget budget = SpoolBudget.unlimited();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999, 1000, 1001, 2000, 2001, 5432, 200_000})
    void gives_back_what_was_written(int size) throws IOException {
        byte[] message = new byte[size];
        Random random = new Random(size);
        random.nextBytes(message);
        try (Spool spool = new Spool(directory, budget, HERE, MEMORY)) {
            for (int from = 0; from < size; ) {
                int count = Math.min(size - from, 1 + random.nextInt(700));
                spool.write(message, from, count);
                from += count;
            }

            assertThat(spool.size()).isEqualTo(size);
            assertThat(spool.usesFile()).isEqualTo(size > MEMORY);
            assertThat(contents(spool)).isEqualTo(message);
            assertThat(contents(spool)).as("read again").isEqualTo(message);
        }
    }

    @Test
    void file_has_no_name() throws IOException {
        try (Spool spool = new Spool(directory, budget, HERE, MEMORY)) {
            spool.write(new byte[5000], 0, 5000);

            assertThat(spool.usesFile()).isTrue();
            try (Stream<Path> names = Files.list(directory)) {
                assertThat(names).isEmpty();
            }
        }
    }

    @Test
    void file_is_for_its_owner_only() throws IOException {
        try (Spool spool = new Spool(directory, budget, HERE, MEMORY)) {
            spool.write(new byte[5000], 0, 5000);

            assertThat(openDescriptorsIn(directory))
                    .singleElement()
                    .satisfies(descriptor -> assertThat(
                                    PosixFilePermissions.toString(Files.getPosixFilePermissions(descriptor)))
                            .isEqualTo("rw-------"));
        }
        assertThat(openDescriptorsIn(directory)).isEmpty();
    }

    @Test
    void changed_file_is_not_given_back_as_good() throws IOException {
        try (Spool spool = new Spool(directory, budget, HERE, MEMORY)) {
            spool.write(new byte[5000], 0, 5000);
            Files.write(openDescriptorsIn(directory).getFirst(), new byte[] {1});

            assertThatThrownBy(() -> contents(spool)).isInstanceOf(SpoolException.class);
        }
    }

    @Test
    void missing_directory_is_an_error() throws IOException {
        try (Spool spool = new Spool(directory.resolve("missing"), budget, HERE, MEMORY)) {
            spool.write(new byte[MEMORY], 0, MEMORY);

            assertThatThrownBy(() -> spool.write(new byte[1], 0, 1)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void without_memory_in_the_budget_the_message_goes_to_its_file_sooner() throws IOException {
        SpoolBudget small = new SpoolBudget(20_000, () -> Long.MAX_VALUE, Duration.ZERO, Disk.onSameThread());
        try (Spool first = new Spool(directory, small, HERE);
                Spool second = new Spool(directory, small, HERE)) {
            byte[] message = new byte[15_000];
            new Random(1).nextBytes(message);
            first.write(message, 0, message.length);
            second.write(message, 0, message.length);

            assertThat(first.usesFile())
                    .as("there is memory for the first buffers only")
                    .isTrue();
            assertThat(second.usesFile()).isTrue();
            assertThat(contents(first)).isEqualTo(message);
            assertThat(contents(second)).isEqualTo(message);
        }
        try (Spool alone = new Spool(directory, small, HERE)) {
            alone.write(new byte[15_000], 0, 15_000);
            assertThat(alone.usesFile()).isFalse();
        }
    }

    @Test
    void what_is_over_the_budget_is_not_taken_and_what_was_taken_is_given_back() throws IOException {
        SpoolBudget small = new SpoolBudget(() -> 10_000, Duration.ZERO);
        Spool first = new Spool(directory, small, HERE);
        try (Spool second = new Spool(directory, small, HERE)) {
            first.write(new byte[6_000], 0, 6_000);
            assertThatThrownBy(() -> second.write(new byte[6_000], 0, 6_000))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the messages in flight have used up spool_budget");
            assertThat(small.taken()).isEqualTo(6_000);
            first.close();
            first.close();
            assertThat(small.taken()).isZero();
        }
        try (Spool third = new Spool(directory, small, HERE)) {
            third.write(new byte[10_000], 0, 10_000);
            assertThat(small.taken()).isEqualTo(10_000);
        }
        assertThat(small.taken()).isZero();
    }

    @Test
    void what_messages_take_beside_is_bounded_together_and_given_back() throws IOException {
        int honest = 64 * 1024;
        int most = 1_000_000;
        SpoolBudget small = new SpoolBudget(most, () -> Long.MAX_VALUE, Duration.ZERO, Disk.onSameThread());
        try (Spool ordinary = new Spool(directory, small, HERE);
                Spool second = new Spool(directory, small, HERE)) {
            try (Spool first = new Spool(directory, small, HERE)) {
                first.countBeside(most);
                first.countBeside(honest + most);
                assertThatThrownBy(() -> second.countBeside(honest + 1))
                        .isInstanceOf(IOException.class)
                        .hasMessage("the headers of the messages in flight take too much memory");
                ordinary.countBeside(honest);
            }
            second.countBeside(honest + most);
            second.countBeside(0);
            ordinary.countBeside(honest + most);
        }
    }

    @Test
    void files_are_written_and_read_on_threads_that_wait_for_the_disk() throws IOException {
        SpoolBudget own = new SpoolBudget(0, () -> Long.MAX_VALUE, Duration.ZERO, Disk.onOwnThreads());
        byte[] message = new byte[300_000];
        new Random(2).nextBytes(message);
        try (Spool spool = new Spool(directory, own, HERE)) {
            spool.write(message, 0, message.length);
            assertThat(spool.usesFile()).isTrue();
            assertThat(contents(spool)).isEqualTo(message);
        }
        try (Spool spool = new Spool(directory.resolve("missing"), own, HERE)) {
            assertThatThrownBy(() -> spool.write(message, 0, message.length))
                    .isInstanceOf(java.nio.file.NoSuchFileException.class);
        }
    }

    private static byte[] contents(Spool spool) throws IOException {
        ByteArrayOutputStream contents = new ByteArrayOutputStream();
        spool.read(contents::write);
        return contents.toByteArray();
    }

    private static java.util.List<Path> openDescriptorsIn(Path directory) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .filter(descriptor -> {
                        try {
                            return Files.readSymbolicLink(descriptor).startsWith(directory.toRealPath());
                        } catch (IOException e) {
                            return false;
                        }
                    })
                    .toList();
        }
    }
}
