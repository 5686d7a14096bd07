package org.dkimproxy.signing.reload;

/** Decides whether a configuration that was just read counts. */
@FunctionalInterface
public interface ReloadReview {
    /** Every configuration counts. */
    ReloadReview NONE = (files, entries) -> true;

    /**
     * Asked once in each reading, when all files were read, and before a problem is logged or anything put in use.
     *
     * @param files those that were read, as they were before
     * @param entries how many each of them has
     * @return false if this reading has to be forgotten, without a word in the log: another follows
     */
    boolean admits(FileStamps files, EntryCounts entries);
}
