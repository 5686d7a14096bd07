package org.dkimproxy.standalone.tool;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.config.ConfigurationLoader;
import org.dkimproxy.signing.config.GivenOptions;
import org.dkimproxy.signing.config.LoadedConfiguration;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.signing.key.FileErrors;
import org.dkimproxy.standalone.cli.CommandLine;
import org.dkimproxy.standalone.cli.Program;
import org.dkimproxy.standalone.config.ProxyOptions;
import org.dkimproxy.standalone.config.UsageException;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.LogLevel;
import org.dkimproxy.standalone.log.StderrLog;

/**
 * The program {@code dkimproxy-signfile}: signs messages from standard input or from files, with the options of the proxy.
 *
 * <p>Exit codes: 0 when every message was signed or needed no signature and after {@code --help}, 1 when one could not be signed, read or
 * written and when the configuration is wrong, 2 for a wrong command line.
 */
public final class DkimproxySignfile {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final Set<StandardOpenOption> NEW_FILE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    /** Its options, and what the usage and the manual say of it. */
    public static final Program PROGRAM = new Program(
            "dkimproxy-signfile [options] [--out=DIR FILE...]",
            "Signs the message in FILE, or on standard input, and writes it to standard output or into DIR.",
            SignfileSettings.TABLE,
            false,
            DONE);

    private static final ConfigurationLoader LOADER = ProxyOptions.loader(SignfileSettings.TABLE);

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    DkimproxySignfile(InputStream in, PrintStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /** Runs the program. */
    public static void main(String[] args) {
        System.exit(new DkimproxySignfile(System.in, System.out, System.err).run(List.of(args)));
    }

    int run(List<String> args) {
        return PROGRAM.run(args, out, err, this::run);
    }

    private int run(CommandLine commandLine) throws UsageException {
        StderrLog log = new StderrLog(err, LogLevel.WARNING);
        GivenOptions given = LOADER.read(Parsed.of(commandLine.options()));
        OptionValues values = given.values();
        Optional<SignfileSettings> settings = given.isUnusable()
                ? Optional.empty()
                : Optional.of(SignfileSettings.read(values, commandLine.arguments()));
        settings.ifPresent(read -> read.message().setUp(log, values));
        LoadedConfiguration<SignfileSettings> loaded =
                LOADER.load(given, values, settings, ProxyOptions.viewAtStart(given));
        loaded.problems().forEach(err::println);
        return switch (loaded) {
            case LoadedConfiguration.Valid<SignfileSettings> valid -> sign(valid.settings(), valid.signer(), log);
            case LoadedConfiguration.Invalid<SignfileSettings> _ -> FAILED;
        };
    }

    private int sign(SignfileSettings settings, DkimSigner signer, DkimproxyLog log) {
        MessageFilter filter = new MessageFilter(signer::begin, settings.message(), log);
        boolean good = true;
        if (settings.files().isEmpty()) {
            good = attempt("standard input", () -> toStandardOutput(filter, in));
        }
        for (Path file : settings.files()) {
            good &= attempt(file.toString(), () -> {
                try (InputStream message = Files.newInputStream(file)) {
                    return settings.outputDirectory().isPresent()
                            ? toFile(filter, message, settings.outputDirectory().get(), file)
                            : toStandardOutput(filter, message);
                }
            });
        }
        return good ? DONE : FAILED;
    }

    @FunctionalInterface
    private interface Attempt {
        boolean run() throws IOException;
    }

    private boolean attempt(String name, Attempt attempt) {
        try {
            return attempt.run();
        } catch (IOException e) {
            err.println("Error: " + name + ": " + FileErrors.describe(e));
            return false;
        }
    }

    private boolean toStandardOutput(MessageFilter filter, InputStream message) throws IOException {
        boolean good = filter.sign(message, sink -> sink.accept(out));
        out.flush();
        if (out.checkError()) {
            throw new IOException("standard output cannot be written");
        }
        return good;
    }

    /** Writes under another name first, so that no half message ever has the name of a whole one. */
    private static boolean toFile(MessageFilter filter, InputStream message, Path directory, Path source)
            throws IOException {
        Path target = directory.resolve(Objects.requireNonNull(source.getFileName()));
        return filter.sign(message, writer -> {
            // opened once, and as a new file: where others can write, a second look at the name could find a link of
            // theirs
            Path partial = directory.resolve(".dkimproxy-signfile-" + UUID.randomUUID() + ".part");
            try {
                try (OutputStream file = new BufferedOutputStream(Channels.newOutputStream(
                        Files.newByteChannel(partial, NEW_FILE, PosixFilePermissions.asFileAttribute(OWNER_ONLY))))) {
                    writer.accept(file);
                }
                Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(partial);
            }
        });
    }
}
