package org.dkimproxy.standalone.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.FileSource;
import org.dkimproxy.signing.PlannedSignature;
import org.dkimproxy.signing.config.LoadedConfiguration;
import org.dkimproxy.signing.key.SignatureProvider;
import org.dkimproxy.signing.reload.FileStamps;
import org.dkimproxy.standalone.log.DkimproxyLog;

/** Drops the privileges of root, permanently, and makes sure that the program can still do its work. */
public final class PrivilegeDrop {
    private final RunAs target;
    private final Path spoolDirectory;
    private final String relayHost;
    private final DkimproxyLog log;

    /**
     * A drop that was not made yet.
     *
     * @param target the user, the groups and the root directory afterwards
     * @param spoolDirectory as it is named inside of the root directory
     * @param relayHost looked up before a change of the root directory
     */
    public PrivilegeDrop(RunAs target, Path spoolDirectory, String relayHost, DkimproxyLog log) {
        this.target = target;
        this.spoolDirectory = spoolDirectory;
        this.relayHost = relayHost;
        this.log = log;
    }

    /**
     * Drops privileges. There is no way back.
     *
     * @param keys finds key files inside of the root directory
     * @return the configuration with its keys read again, and the files to watch as they are seen now
     * @throws StartException if privileges cannot be dropped, or if a file is out of reach afterwards
     */
    public <S> LoadedConfiguration.Valid<S> run(LoadedConfiguration.Valid<S> configuration, FileSource keys)
            throws StartException {
        // before privileges are dropped, since its files may be out of reach then
        SignatureProvider.load();
        if (target.isUnchanged()) {
            checkSpool();
            return configuration;
        }
        warnOfOtherCopies(configuration.files());
        NeededFiles configurationFiles = new NeededFiles(configuration.files().paths(), target);
        NeededFiles keyFiles = new NeededFiles(keyFiles(configuration.signer()), target);
        SystemFiles.open();
        if (target.root().isPresent()) {
            SystemFiles.lookUp(relayHost, log);
        }
        Privileges.giveUp(target);
        check(configurationFiles, keyFiles);
        checkSpool();
        Parsed<Optional<DkimSigner>> signer = configuration.signer().reopened(keys);
        if (signer.value().isEmpty()) {
            throw new StartException(errors(signer.problems()));
        }
        // the same names mean other files inside of another root directory
        FileStamps watched = target.root().isPresent() ? configuration.files().again() : configuration.files();
        return configuration.seenAs(signer.value().get(), watched);
    }

    /** The start reads files outside of the root directory, a reload their copies inside. */
    private void warnOfOtherCopies(FileStamps files) {
        if (target.root().isEmpty()) {
            return;
        }
        for (Path file : new TreeSet<>(files.paths())) {
            Path copy = target.outside(file);
            try {
                if (Files.isRegularFile(copy) && Files.mismatch(file, copy) >= 0) {
                    log.warning(
                            "file " + file + " and its copy " + copy
                                    + " in the root directory differ: the start has read the former, and a reload reads the copy");
                }
            } catch (IOException unreadable) {
                // reported after the drop, if it matters then
            }
        }
    }

    private Set<Path> keyFiles(DkimSigner signer) {
        TreeSet<Path> files = new TreeSet<>();
        signer.signatures().map(PlannedSignature::keyFile).map(target::inside).forEach(files::add);
        return files;
    }

    private void check(NeededFiles configuration, NeededFiles keys) throws StartException {
        List<String> unreadable = Stream.concat(configuration.unreadable().stream(), keys.unreadable().stream())
                .toList();
        if (!unreadable.isEmpty()) {
            throw new StartException(unreadable);
        }
        for (Path file : configuration.missing()) {
            if (target.root().isPresent()) {
                log.warning("file " + file + " is not in the root directory "
                        + target.root().get() + ": changes of it need a restart, unless it is copied to "
                        + target.outside(file));
            }
        }
    }

    private void checkSpool() throws StartException {
        if (!Files.isDirectory(spoolDirectory) || !Files.isWritable(spoolDirectory)) {
            throw new StartException("spool_dir " + spoolDirectory + " is no directory that " + target.reader()
                    + " can write to"
                    + target.root()
                            .map(root -> " in the root directory " + root)
                            .orElse("")
                    + ", so large messages could not be taken; make it, or name another one");
        }
    }

    private static List<String> errors(List<Problem> problems) {
        List<String> lines = new ArrayList<>();
        for (Problem problem : problems) {
            if (problem.severity() == Severity.ERROR) {
                lines.add(problem.summary());
            }
        }
        return lines;
    }
}
