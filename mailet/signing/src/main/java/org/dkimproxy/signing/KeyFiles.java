package org.dkimproxy.signing;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.access.TrustedUsers;
import org.dkimproxy.signing.key.FileErrors;
import org.dkimproxy.signing.key.KeyFile;
import org.dkimproxy.signing.key.SecretFile;
import org.dkimproxy.signing.key.SigningKey;
import org.dkimproxy.signing.key.UnusableKeyException;

/** Opens the key files that a configuration names, each once, and reports the problems with them. */
final class KeyFiles {
    private static final int MOST_RSA_BITS = 4096;

    /** So few files are read sooner by one thread than by several. */
    private static final int MANY = 16;

    private final SignerSettings settings;
    private final List<Problem> problems;
    private final FileProblems fileProblems;
    private final Map<Path, Optional<KeyFile>> keyFiles = new HashMap<>();
    private final Map<Path, Opening> ahead = new ConcurrentHashMap<>();
    private boolean passphraseSeen;

    /** @param problems where problems are added */
    KeyFiles(SignerSettings settings, List<Problem> problems) {
        this.settings = settings;
        this.problems = problems;
        this.fileProblems = new FileProblems(settings.trusted());
    }

    /** What came of reading a key file for the first time. */
    private sealed interface Opening {
        record Read(KeyFile keyFile) implements Opening {}

        record Failed(UnusableKeyException cause) implements Opening {}

        static Opening of(Path path, Optional<Path> passphraseFile, TrustedUsers trusted) {
            try {
                return new Read(KeyFile.open(path, passphraseFile, trusted));
            } catch (UnusableKeyException unusable) {
                return new Failed(unusable);
            }
        }
    }

    /**
     * Reads the files of these names on all processors, if there are many, so that {@link #of} need not: thousands of keys, or encrypted ones, take
     * a while to read and to check.
     */
    void readAhead(Stream<SourceText> names) {
        Set<Path> paths = new HashSet<>();
        try {
            Optional<Path> passphraseFile = passphraseFile();
            for (String name : names.map(SourceText::text).collect(Collectors.toSet())) {
                paths.add(settings.files().resolve(name));
            }
            if (paths.size() >= MANY) {
                paths.parallelStream()
                        .forEach(path -> ahead.put(path, Opening.of(path, passphraseFile, settings.trusted())));
            }
        } catch (IOException | InvalidPathException noPath) {
            // told when its turn comes
            ahead.clear();
        }
    }

    /** The key file of this name, read; nothing after a problem was added, which for one file is done once. */
    Optional<KeyFile> of(SourceText name) {
        Path path;
        Optional<Path> passphraseFile;
        try {
            path = settings.files().resolve(name.text());
            passphraseFile = passphraseFile();
        } catch (IOException | InvalidPathException noPath) {
            problems.add(name.error(FileErrors.cannotRead("key file", name.text(), noPath)));
            return Optional.empty();
        }
        Optional<KeyFile> known = keyFiles.get(path);
        if (known == null) {
            known = open(path, passphraseFile, name);
            keyFiles.put(path, known);
        }
        return known;
    }

    private Optional<Path> passphraseFile() throws IOException {
        Optional<SourceText> name = settings.defaults().passphraseFile();
        return name.isPresent()
                ? Optional.of(settings.files().resolve(name.get().text()))
                : Optional.empty();
    }

    private Optional<KeyFile> open(Path path, Optional<Path> passphraseFile, SourceText name) {
        Opening read = ahead.remove(path);
        return switch (read == null ? Opening.of(path, passphraseFile, settings.trusted()) : read) {
            case Opening.Read(KeyFile keyFile) -> {
                warnOfKeyLength(keyFile, name);
                warnOfAccess("key file", path, name);
                passphraseFile.ifPresent(this::warnOfAccessToPassphrase);
                yield Optional.of(keyFile);
            }
            case Opening.Failed(UnusableKeyException unusable) -> {
                problems.add(
                        unusable.expected().isEmpty()
                                ? name.error(unusable.found())
                                : name.error(unusable.found() + " (key file " + path + ")", unusable.expected()));
                yield Optional.empty();
            }
        };
    }

    private void warnOfKeyLength(KeyFile keyFile, SourceText name) {
        if (!(keyFile.lastRead() instanceof SigningKey.Rsa rsa)) {
            return;
        }
        if (rsa.isWeak()) {
            problems.add(name.warning(
                    "an " + rsa.description() + " in " + keyFile.path(), "2048 bits or more (RFC 8301 section 3.2)"));
        }
        if (rsa.bits() > MOST_RSA_BITS) {
            problems.add(name.warning(
                    "an " + rsa.description() + " in " + keyFile.path(),
                    "4096 bits or fewer, since verifiers need not know longer keys (RFC 8301 section 3.2)"));
        }
    }

    private void warnOfAccessToPassphrase(Path path) {
        settings.defaults()
                .passphraseFile()
                .filter(name -> !passphraseSeen)
                .ifPresent(name -> warnOfAccess("key_passphrase_file", path, name));
        passphraseSeen = true;
    }

    private void warnOfAccess(String kind, Path path, SourceText name) {
        String file = kind + " " + path;
        try {
            SecretFile.modeOpenToAll(path)
                    .ifPresent(mode -> problems.add(name.warning(
                            file + " that everyone can read (" + mode + ")",
                            "a file that only its owner and group can read: chmod o-rwx " + path)));
        } catch (IOException vanished) {
            problems.add(name.warning(file + " whose mode cannot be read", "a file that stays in place"));
        }
        problems.addAll(fileProblems.of(kind, path, name));
    }
}
