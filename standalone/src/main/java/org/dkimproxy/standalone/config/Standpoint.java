package org.dkimproxy.standalone.config;

/**
 * Where the root directory that {@code chroot} names is seen from. Without {@code chroot} there is no difference.
 *
 * <p>The conf file and the maps are read by their names as they stand. Keys and the directory of the spool, which a program
 * uses while it runs, lie inside from the beginning.
 */
public enum Standpoint {
    /** A program that starts, or a tool. */
    OUTSIDE,
    /** A program that has gone there. */
    INSIDE
}
