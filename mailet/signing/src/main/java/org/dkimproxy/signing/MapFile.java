package org.dkimproxy.signing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.dkimproxy.sendermap.Checked;
import org.dkimproxy.sendermap.Problem;
import org.dkimproxy.sendermap.SourceFragment;
import org.dkimproxy.signing.key.FileErrors;

/**
 * A map file that an option names.
 *
 * @param name the value of the option, where problems with the file as a whole are reported
 * @param files turns the name into a path
 */
record MapFile(SourceFragment name, FileSource files) {
    /** Maximum size in bytes. */
    static final int LARGEST = largest(Runtime.getRuntime().maxMemory());

    private static final String EXPECTED = "a readable map file";

    /**
     * Maximum size for a heap of this many bytes: half of it, since a larger file cannot be held beside the map that is made of
     * it, and 1 GiB.
     */
    static int largest(long memory) {
        return (int) Math.min(1 << 30, memory / 2);
    }

    /**
     * Reads and parses the file.
     *
     * @param parser takes the name of the file, for the positions of problems, and its content
     * @return the map, with the problems of the file and of its lines; an empty map if the file cannot be read
     */
    <T> Checked<T> read(BiFunction<String, InputStream, Checked<T>> parser) {
        List<Problem> problems = new ArrayList<>();
        try (InputStream in = open(problems)) {
            Checked<T> map = parser.apply(name.text(), in);
            problems.addAll(map.problems());
            return new Checked<>(map.value(), problems);
        } catch (UncheckedIOException broken) {
            problems.add(unreadable(Objects.requireNonNull(broken.getCause())));
        } catch (IOException broken) {
            problems.add(unreadable(broken));
        }
        return new Checked<>(
                parser.apply(name.text(), InputStream.nullInputStream()).value(), problems);
    }

    /** The content of the file; none, after a problem was added, if it cannot be a map. */
    private InputStream open(List<Problem> problems) throws IOException {
        String file = "file " + Problem.quoted(name.text());
        try {
            Path path = files.resolve(name.text());
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                problems.add(name.error(file + " that is no file", EXPECTED));
                return InputStream.nullInputStream();
            }
            if (Files.size(path) > LARGEST) {
                problems.add(name.error(
                        file + " of " + Files.size(path) + " octets",
                        "a map file of at most " + LARGEST + " octets (half of the memory, and 1 GiB)"));
                return InputStream.nullInputStream();
            }
            return Files.newInputStream(path);
        } catch (NoSuchFileException missing) {
            problems.add(name.error(file + " that does not exist", EXPECTED));
        } catch (InvalidPathException noPath) {
            problems.add(unreadable(noPath));
        }
        return InputStream.nullInputStream();
    }

    private Problem unreadable(Exception why) {
        return name.error(
                "file " + Problem.quoted(name.text()) + " that cannot be read (" + FileErrors.describe(why) + ")",
                EXPECTED);
    }
}
