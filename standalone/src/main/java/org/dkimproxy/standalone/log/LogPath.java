package org.dkimproxy.standalone.log;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/**
 * Where a log file lies. Root follows no symbolic link but its own: who may write to a directory on the way, as the user of the
 * program may to that of its logs, could otherwise have root make or lengthen a file anywhere.
 */
final class LogPath {
    private static final int ROOT = 0;

    /** As many as Linux follows. */
    private static final int MOST_LINKS = 40;

    private LogPath() {}

    /**
     * The path without symbolic links if this process is root, else the path as it is.
     *
     * @param path absolute
     * @throws IOException if a link may not be followed; its message is for a person and does not name the path
     */
    static Path followed(Path path) throws IOException {
        return isRoot() ? withoutLinks(path) : path;
    }

    private static Path withoutLinks(Path path) throws IOException {
        Path root = Objects.requireNonNull(path.getRoot());
        Path at = root;
        Deque<Path> rest = new ArrayDeque<>();
        pushAll(path, rest);
        int links = 0;
        while (!rest.isEmpty()) {
            Path name = rest.pop();
            if (name.toString().equals("..")) {
                at = Objects.requireNonNullElse(at.getParent(), root);
            } else if (Files.isSymbolicLink(at.resolve(name))) {
                Path target = targetOf(at.resolve(name));
                if (++links > MOST_LINKS) {
                    throw new IOException("too many symbolic links");
                }
                at = target.isAbsolute() ? root : at;
                pushAll(target, rest);
            } else {
                at = at.resolve(name).normalize();
            }
        }
        return at;
    }

    private static void pushAll(Path path, Deque<Path> names) {
        List<Path> all = new ArrayList<>();
        path.forEach(all::add);
        all.reversed().forEach(names::push);
    }

    private static Path targetOf(Path link) throws IOException {
        Object owner = Files.getAttribute(link, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (!owner.equals(ROOT)) {
            throw new IOException(
                    link + " is a symbolic link that belongs to user " + owner
                            + ", and root follows none but its own; name the file itself, or give the link to root with chown -h");
        }
        return Files.readSymbolicLink(link);
    }

    @SuppressWarnings("restricted") // a function of POSIX that takes nothing and cannot fail
    private static boolean isRoot() {
        Linker linker = Linker.nativeLinker();
        MethodHandle geteuid = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("geteuid"), FunctionDescriptor.of(ValueLayout.JAVA_INT));
        try {
            return (int) geteuid.invokeExact() == ROOT;
        } catch (Throwable fault) {
            throw new IllegalStateException("geteuid", fault);
        }
    }
}
