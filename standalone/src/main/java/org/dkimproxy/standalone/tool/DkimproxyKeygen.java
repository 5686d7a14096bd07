package org.dkimproxy.standalone.tool;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.OptionalInt;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.signing.key.FileErrors;
import org.dkimproxy.standalone.cli.CommandLine;
import org.dkimproxy.standalone.cli.Program;
import org.dkimproxy.standalone.config.UsageException;

/**
 * The program {@code dkimproxy-keygen}: makes a private key and the record for its public half.
 *
 * <p>Exit codes: 0 when both files were written and after {@code --help}, 1 when they could not be, 2 for a wrong command
 * line.
 */
public final class DkimproxyKeygen {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int FOR_OWNER = 0600;
    private static final int FOR_OWNER_AND_GROUP = 0640;
    private static final int FOR_EVERYBODY = 0644;

    /** Its options, and what the usage and the manual say of it. */
    public static final Program PROGRAM = new Program(
            "dkimproxy-keygen --domain=NAME --selector=NAME [--type=rsa|ed25519] [--bits=COUNT] [--group=GROUP] --out=DIR",
            "Makes a key to sign with: writes SELECTOR._domainkey.DOMAIN.key, and the DNS record to the same name"
                    + " with .txt and to standard output.",
            KeygenSettings.TABLE,
            false,
            DONE);

    private final PrintStream out;
    private final PrintStream err;

    DkimproxyKeygen(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs the program. */
    public static void main(String[] args) {
        System.exit(new DkimproxyKeygen(System.out, System.err).run(List.of(args)));
    }

    int run(List<String> args) {
        return PROGRAM.run(args, out, err, this::run);
    }

    private int run(CommandLine commandLine) throws UsageException {
        OptionValues values = new OptionValues(commandLine.options());
        try {
            make(KeygenSettings.read(values, commandLine.arguments()));
            return DONE;
        } catch (IOException | GeneralSecurityException e) {
            err.println("Error: " + FileErrors.describe(e));
            return FAILED;
        }
    }

    private void make(KeygenSettings settings) throws IOException, GeneralSecurityException {
        Path keyFile = settings.directory().resolve(settings.recordName() + ".key");
        Path recordFile = settings.directory().resolve(settings.recordName() + ".txt");
        NewFile.mustBeFree(keyFile);
        NewFile.mustBeFree(recordFile);
        if (settings.bits().isPresent() && settings.bits().get() < KeygenSettings.STRONG_BITS) {
            err.println("warning: " + settings.bits().get()
                    + " bits are few for an RSA key; use 2048 or more (RFC 8301 section 3.2)");
        }
        NewKey key = NewKey.make(settings.bits());
        String line = ZoneLine.of(settings.recordName(), key.published().record()) + "\n";
        int mode = settings.group().isPresent() ? FOR_OWNER_AND_GROUP : FOR_OWNER;
        NewFile.write(keyFile, key.pem(), mode, settings.group());
        try {
            NewFile.write(recordFile, line.getBytes(StandardCharsets.US_ASCII), FOR_EVERYBODY, OptionalInt.empty());
        } catch (IOException e) {
            NewFile.remove(keyFile);
            throw e;
        }
        out.print(line);
        out.flush();
        err.println("private key: " + keyFile);
        err.println("DNS record: " + recordFile);
    }
}
