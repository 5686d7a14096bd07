package org.dkimproxy.standalone.tool;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.config.Option;
import org.dkimproxy.signing.config.OptionTable;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.standalone.config.DaemonSettings;
import org.dkimproxy.standalone.config.MessageSettings;
import org.dkimproxy.standalone.config.ProxyOptions;
import org.dkimproxy.standalone.config.UsageException;

/**
 * What dkimproxy-signfile is asked to do.
 *
 * @param files the messages; none for standard input
 * @param outputDirectory where signed messages go; standard output if empty
 */
record SignfileSettings(List<Path> files, Optional<Path> outputDirectory, MessageSettings message) {
    private static final Option<Optional<Path>> OUT =
            Option.path("out", "DIR", "write each signed FILE into DIR, under its own name");

    /** Its own option, and those of the proxy, whose conf file it reads. */
    static final OptionTable TABLE = ProxyOptions.TABLE.after(OptionTable.Group.of("Tool", OUT));

    SignfileSettings {
        files = List.copyOf(files);
    }

    static SignfileSettings read(OptionValues values, List<SourceText> arguments) throws UsageException {
        Optional<Path> directory = values.get(OUT);
        List<Path> files =
                arguments.stream().map(SourceText::text).map(Path::of).toList();
        if (directory.isEmpty() && files.size() > 1) {
            throw new UsageException(files.size() + " files without --out=DIR");
        }
        if (directory.isPresent()) {
            check(directory.get(), files);
        }
        return new SignfileSettings(files, directory, MessageSettings.readForTool(values, DaemonSettings.root(values)));
    }

    private static void check(Path directory, List<Path> files) throws UsageException {
        if (!Files.isDirectory(directory)) {
            throw new UsageException("--out: " + directory + " is no directory");
        }
        if (files.isEmpty()) {
            throw new UsageException("--out without a FILE");
        }
        Set<Path> names = new HashSet<>();
        for (Path file : files) {
            Path name = file.getFileName();
            if (name == null || !names.add(name)) {
                throw new UsageException("two files of the name " + name);
            }
        }
    }
}
