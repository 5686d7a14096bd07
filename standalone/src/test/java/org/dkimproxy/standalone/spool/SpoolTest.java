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
    void givesBackWhatWasWritten(int size) throws IOException {
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
    void fileHasNoName() throws IOException {
        try (Spool spool = new Spool(directory, budget, HERE, MEMORY)) {
            spool.write(new byte[5000], 0, 5000);

            assertThat(spool.usesFile()).isTrue();
            try (Stream<Path> names = Files.list(directory)) {
                assertThat(names).isEmpty();
            }
        }
    }

    @Test
    void fileIsForItsOwnerOnly() throws IOException {
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
    void changedFileIsNotGivenBackAsGood() throws IOException {
        try (Spool spool = new Spool(directory, budget, HERE, MEMORY)) {
            spool.write(new byte[5000], 0, 5000);
            Files.write(openDescriptorsIn(directory).getFirst(), new byte[] {1});

            assertThatThrownBy(() -> contents(spool)).isInstanceOf(SpoolException.class);
        }
    }

    @Test
    void missingDirectoryIsAnError() throws IOException {
        try (Spool spool = new Spool(directory.resolve("missing"), budget, HERE, MEMORY)) {
            spool.write(new byte[MEMORY], 0, MEMORY);

            assertThatThrownBy(() -> spool.write(new byte[1], 0, 1)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void withoutMemoryInTheBudgetTheMessageGoesToItsFileSooner() throws IOException {
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
    void whatIsOverTheBudgetIsNotTakenAndWhatWasTakenIsGivenBack() throws IOException {
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
    void whatMessagesTakeBesideIsBoundedTogetherAndGivenBack() throws IOException {
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
    void filesAreWrittenAndReadOnThreadsThatWaitForTheDisk() throws IOException {
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
