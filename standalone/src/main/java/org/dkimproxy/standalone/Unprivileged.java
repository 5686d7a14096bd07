package org.dkimproxy.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.PlannedSignature;
import org.dkimproxy.signing.key.SignatureProvider;
import org.dkimproxy.signing.reload.FileStamps;
import org.dkimproxy.standalone.config.Configuration;
import org.dkimproxy.standalone.config.ProgramSettings;
import org.dkimproxy.standalone.config.Startup;
import org.dkimproxy.standalone.daemon.NeededFiles;
import org.dkimproxy.standalone.daemon.Privileges;
import org.dkimproxy.standalone.daemon.RunAs;
import org.dkimproxy.standalone.daemon.StartException;
import org.dkimproxy.standalone.daemon.SystemFiles;
import org.dkimproxy.standalone.log.DkimproxyLog;

/**
 * What a program runs with once it has given up its rights: everything that it reads while it runs was read once more, by
 * who it is then and from where it is then.
 *
 * @param signer the rules of the start, with keys as they are found now
 * @param files the files to watch, as they are seen now
 */
public record Unprivileged(DkimSigner signer, FileStamps files) {
    /**
     * Gives up the rights of root, as far as that is asked for, and makes sure that the program can go on. Says so if it stays
     * root.
     *
     * @throws StartException if rights cannot be given up, or if a file is out of reach afterwards
     */
    static Unprivileged become(RunAs target, Startup<ProgramSettings> startup, DkimproxyLog log) throws StartException {
        if (target.user().isEmpty() && Privileges.isRoot()) {
            log.notice("this program goes on with the rights of root; give user, and it gives them up once it listens");
        }
        return checked(target, startup, log);
    }

    /**
     * The same for those to whom it does not matter who they stay. There is no way back.
     *
     * @throws StartException if rights cannot be given up, or if a file is out of reach afterwards
     */
    public static Unprivileged checked(RunAs target, Startup<ProgramSettings> startup, DkimproxyLog log)
            throws StartException {
        // before rights are given up, since its files may be out of reach then
        SignatureProvider.load();
        Path spoolDirectory = startup.settings().proxy().message().spoolDirectory();
        if (target.isUnchanged()) {
            checkSpool(spoolDirectory, target);
            return new Unprivileged(startup.signer(), startup.files());
        }
        warnOfOtherCopies(startup.files(), target, log);
        NeededFiles configuration = new NeededFiles(startup.files().paths(), target);
        NeededFiles keys = new NeededFiles(keyFiles(startup.signer(), target), target);
        SystemFiles.open();
        if (target.root().isPresent()) {
            SystemFiles.lookUp(startup.settings().proxy().relay().host(), log);
        }
        Privileges.giveUp(target);
        check(configuration, keys, target, log);
        checkSpool(spoolDirectory, target);
        Parsed<Optional<DkimSigner>> signer = startup.signer().reopened(Configuration.FILES);
        if (signer.value().isEmpty()) {
            throw new StartException(errors(signer.problems()));
        }
        // the same names mean other files inside of another root directory
        FileStamps watched = target.root().isPresent() ? startup.files().again() : startup.files();
        return new Unprivileged(signer.value().get(), watched);
    }

    /** What was read at the start lies outside, what a reload would read lies inside. */
    private static void warnOfOtherCopies(FileStamps files, RunAs target, DkimproxyLog log) {
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
                // that is told once the rights are given up, if it matters then
            }
        }
    }

    private static TreeSet<Path> keyFiles(DkimSigner signer, RunAs target) {
        TreeSet<Path> files = new TreeSet<>();
        signer.signatures().map(PlannedSignature::keyFile).map(target::inside).forEach(files::add);
        return files;
    }

    private static void check(NeededFiles configuration, NeededFiles keys, RunAs target, DkimproxyLog log)
            throws StartException {
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

    private static void checkSpool(Path directory, RunAs target) throws StartException {
        if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
            throw new StartException("spool_dir " + directory + " is no directory that " + target.reader()
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
