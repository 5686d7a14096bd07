package org.dkimproxy.standalone.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.signing.reload.FileStamps;
import org.dkimproxy.standalone.daemon.StartException;

/**
 * The options of a command line and of the conf file that it names, which was read once: a pipe gives its content a single
 * time.
 *
 * @param confFile the conf file, as it was before it was read; none if the command line names none, or one that cannot be read
 *     again
 * @param configuration what they come to, with the problems of the conf file
 */
public record GivenOptions(FileStamps confFile, Parsed<Configuration> configuration) {
    /** Reads the conf file. */
    public static GivenOptions read(CommandLine commandLine, KnownOptions known) {
        FileStamps confFile = FileStamps.of(RereadableFiles.among(confFile(commandLine)));
        return new GivenOptions(confFile, Configuration.read(commandLine, known));
    }

    /** The conf file of a command line, if it names one that can be read only once: a pipe, say. */
    public static Optional<Path> transientConfFile(CommandLine commandLine) {
        return confFile(commandLine).stream()
                .filter(path -> !RereadableFiles.includes(path))
                .findFirst();
    }

    /**
     * Checks that another process can read the same options, as one in the background has to.
     *
     * @throws StartException if the conf file is one that can be read only once
     */
    public static void checkForBackground(CommandLine commandLine) throws StartException {
        Optional<Path> once = transientConfFile(commandLine);
        if (once.isPresent()) {
            throw new StartException("daemonize: " + once.get() + " is no regular file, so it can be read once, and the"
                    + " program in the background would have to read it again; name a file, or run it in the"
                    + " foreground");
        }
    }

    /** Whether the program has to go to the background, as far as its options can be read. */
    public boolean isBackground() {
        return new OptionValues(configuration.value().options()).flag("daemonize");
    }

    /** Whether the program gets another root directory. */
    public boolean hasRootDirectory() {
        return configuration.value().root(Standpoint.OUTSIDE).isPresent();
    }

    /** The conf file that a command line names; none or one. */
    private static Set<Path> confFile(CommandLine commandLine) {
        return Configuration.last(commandLine.options(), "conf_file")
                .flatMap(option -> OptionValues.pathOf(option.value().text()))
                .map(Set::of)
                .orElse(Set.of());
    }
}
