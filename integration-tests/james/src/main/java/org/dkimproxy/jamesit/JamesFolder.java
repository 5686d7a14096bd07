package org.dkimproxy.jamesit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The working directory of a James: {@code conf/} and {@code extensions-jars/}.
 *
 * @param root the directory itself
 */
public record JamesFolder(Path root) {
    private static final String SMTP = "127.0.0.1:10027";
    private static final String SMART_HOST = "127.0.0.1:10028";

    /**
     * Makes one as the guide says: a copy of the conf folder, and the jar of the mailet among the extensions. Of the copy only
     * two things are changed: James takes a free port, and the smart host is another one.
     *
     * @param root does not exist yet, or is empty
     * @param conf the folder to copy
     * @param mailet the jar to copy
     * @param smartHostPort on loopback
     */
    public static JamesFolder install(Path root, Path conf, Path mailet, int smartHostPort) throws IOException {
        copy(conf, root.resolve("conf"));
        Path extensions = Files.createDirectories(root.resolve("extensions-jars"));
        Files.copy(mailet, extensions.resolve(mailet.getFileName()));
        return installed(root, smartHostPort);
    }

    /** Takes one that is made already, and changes those two things. */
    public static JamesFolder installed(Path root, int smartHostPort) throws IOException {
        JamesFolder folder = new JamesFolder(root);
        folder.replace("smtpserver.xml", SMTP, "127.0.0.1:0");
        folder.replace("mailetcontainer.xml", SMART_HOST, "127.0.0.1:" + smartHostPort);
        return folder;
    }

    /** A file of the conf folder; the folder for the empty name. */
    public Path conf(String name) {
        return root.resolve("conf").resolve(name);
    }

    /** Changes a text of a conf file that stands there once; fails if it does not. */
    public void replace(String file, String old, String now) throws IOException {
        String text = Files.readString(conf(file), StandardCharsets.UTF_8);
        if (text.split(Pattern.quote(old), -1).length != 2) {
            throw new IOException(conf(file) + " has to have this once: " + old);
        }
        Files.writeString(conf(file), text.replace(old, now), StandardCharsets.UTF_8);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            files.forEach(file -> copyOne(file, to.resolve(from.relativize(file).toString())));
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static void copyOne(Path from, Path to) {
        try {
            if (Files.isDirectory(from)) {
                Files.createDirectories(to);
            } else {
                Files.copy(from, to);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
