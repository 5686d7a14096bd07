package org.dkimproxy.signing.reload;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Decides by stamps when files have changed. A change counts once two looks in a row saw the same, so that a file which
 * is being written is not read half. A file that is gone is no change: what was read from it stays in use. Used by one
 * thread.
 */
final class FileWatch {
    private FileStamps inUse;
    private FileStamps seen;
    private final Set<Path> toldGone = new HashSet<>();

    /** Watches these files, which were read just after these stamps were taken. */
    FileWatch(FileStamps inUse) {
        this.inUse = inUse;
        this.seen = inUse;
    }

    /**
     * What a look found.
     *
     * @param changed whether the files are worth reading
     * @param gone files that are gone, each told once
     */
    record Finding(boolean changed, Set<Path> gone) {}

    /** The files were read, with any outcome; from now on others may be watched. */
    void read(FileStamps stamps) {
        inUse = stamps;
        seen = stamps;
        toldGone.clear();
    }

    /** The files as they were last seen are not worth another reading. */
    void skip() {
        inUse = seen.fillingGapsFrom(inUse);
    }

    /** The files as the last look found them. */
    FileStamps seen() {
        return seen;
    }

    /** Looks at the files. */
    Finding look() {
        FileStamps now = inUse.again();
        boolean settled = now.equals(seen);
        seen = now;
        if (!settled) {
            return new Finding(false, Set.of());
        }
        Set<Path> gone = now.goneSince(inUse);
        toldGone.retainAll(gone);
        Set<Path> news = new HashSet<>(gone);
        news.removeAll(toldGone);
        toldGone.addAll(news);
        return new Finding(!now.fillingGapsFrom(inUse).equals(inUse), news);
    }
}
