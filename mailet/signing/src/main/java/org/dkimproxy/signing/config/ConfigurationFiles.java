package org.dkimproxy.signing.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.dkim.SignatureSpecification;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.FileSource;
import org.dkimproxy.signing.SignerSettings;
import org.dkimproxy.signing.reload.FileStamps;

/** The files of a configuration that are watched. A name that cannot be a path is left out. */
final class ConfigurationFiles {
    private static final Set<String> FILE_OPTIONS = Set.of(
            SigningOptions.SENDER_MAP.name(),
            SigningOptions.LISTID_MAP.name(),
            SigningOptions.KEY_PASSPHRASE_FILE.name());

    private ConfigurationFiles() {}

    /** The maps and the passphrase file as they are now; of a map that is a directory, the directory and its files. */
    static FileStamps ofOptions(List<ConfOption> options, FileSource files) {
        Set<Path> paths = paths(
                options.stream()
                        .filter(option -> FILE_OPTIONS.contains(option.name()))
                        .map(ConfOption::value),
                files);
        FileStamps stamps = FileStamps.ofRepeatable(paths);
        for (Path directory : paths.stream().filter(Files::isDirectory).toList()) {
            stamps = stamps.and(FileStamps.of(List.of(directory))).and(FileStamps.of(filesOf(directory)));
        }
        return stamps;
    }

    private static List<Path> filesOf(Path directory) {
        try {
            return MapFiles.files(directory);
        } catch (IOException unreadable) {
            // reported when the map is read
            return List.of();
        }
    }

    /** The key files, of the maps' signatures too. */
    static Set<Path> keys(SignerSettings settings) {
        Stream<Optional<SourceText>> names = settings.specifications().map(SignatureSpecification::keyFile);
        return paths(
                Stream.concat(names, Stream.of(settings.defaults().keyFile())).flatMap(Optional::stream),
                settings.files());
    }

    private static Set<Path> paths(Stream<SourceText> names, FileSource files) {
        return names.flatMap(name -> path(name, files).stream()).collect(Collectors.toSet());
    }

    private static Optional<Path> path(SourceText name, FileSource files) {
        try {
            return Optional.of(files.resolve(name.text()));
        } catch (IOException | InvalidPathException noPath) {
            return Optional.empty();
        }
    }
}
