package org.dkimproxy.signing;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dkimproxy.sendermap.Problem;
import org.dkimproxy.sendermap.SourceFragment;
import org.dkimproxy.signing.key.FileErrors;
import org.dkimproxy.signing.key.KeyFile;
import org.dkimproxy.signing.key.SecretFile;
import org.dkimproxy.signing.key.SigningKey;
import org.dkimproxy.signing.key.UnusableKeyException;

/** Opens the key files that a configuration names, each once, and tells what is wrong with them. */
final class KeyFiles {
    private static final int MOST_RSA_BITS = 4096;

    private final SignerSettings settings;
    private final List<Problem> problems;
    private final Map<Path, Optional<KeyFile>> keyFiles = new HashMap<>();
    private boolean passphraseSeen;

    /** @param problems where problems are added */
    KeyFiles(SignerSettings settings, List<Problem> problems) {
        this.settings = settings;
        this.problems = problems;
    }

    /** The key file of this name, read; nothing after a problem was added, which for one file is done once. */
    Optional<KeyFile> of(SourceFragment name) {
        Path path;
        Optional<Path> passphraseFile = Optional.empty();
        try {
            path = settings.files().resolve(name.text());
            if (settings.defaults().passphraseFile().isPresent()) {
                passphraseFile = Optional.of(settings.files()
                        .resolve(settings.defaults().passphraseFile().get().text()));
            }
        } catch (IOException | InvalidPathException noPath) {
            problems.add(name.error(
                    "key file name " + Problem.quoted(name.text()) + " (" + FileErrors.describe(noPath) + ")",
                    "the path of a file"));
            return Optional.empty();
        }
        Optional<KeyFile> known = keyFiles.get(path);
        if (known == null) {
            known = open(path, passphraseFile, name);
            keyFiles.put(path, known);
        }
        return known;
    }

    private Optional<KeyFile> open(Path path, Optional<Path> passphraseFile, SourceFragment name) {
        try {
            KeyFile keyFile = KeyFile.open(path, passphraseFile);
            warnOfKeyLength(keyFile, name);
            warnOfReaders("key file " + path, path, name);
            passphraseFile.ifPresent(this::warnOfReadersOfPassphrase);
            return Optional.of(keyFile);
        } catch (UnusableKeyException unusable) {
            problems.add(name.error(unusable.found() + " (key file " + path + ")", unusable.expected()));
            return Optional.empty();
        }
    }

    private void warnOfKeyLength(KeyFile keyFile, SourceFragment name) {
        if (keyFile.current() instanceof SigningKey.Rsa rsa && rsa.isWeak()) {
            problems.add(name.warning(
                    "an " + rsa.description() + " in " + keyFile.path(), "2048 bits or more (RFC 8301 section 3.2)"));
        }
        if (keyFile.current() instanceof SigningKey.Rsa rsa && rsa.bits() > MOST_RSA_BITS) {
            problems.add(name.warning(
                    "an " + rsa.description() + " in " + keyFile.path(),
                    "4096 bits or fewer, since verifiers need not know longer keys (RFC 8301 section 3.2)"));
        }
    }

    private void warnOfReadersOfPassphrase(Path path) {
        settings.defaults()
                .passphraseFile()
                .filter(name -> !passphraseSeen)
                .ifPresent(name -> warnOfReaders("key_passphrase_file " + path, path, name));
        passphraseSeen = true;
    }

    private void warnOfReaders(String file, Path path, SourceFragment name) {
        try {
            SecretFile.modeOpenToAll(path)
                    .ifPresent(mode -> problems.add(name.warning(
                            file + " that everyone can read (" + mode + ")",
                            "a file that only its owner and group can read: chmod o-rwx " + path)));
        } catch (IOException vanished) {
            problems.add(name.warning(file + " whose mode cannot be read", "a file that stays in place"));
        }
    }
}
