package org.dkimproxy.standalone.tool;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.util.function.Supplier;
import org.dkimproxy.signing.LineEndings;
import org.dkimproxy.signing.SigningOutcome;
import org.dkimproxy.signing.SigningTransaction;
import org.dkimproxy.standalone.access.ClientNetwork;
import org.dkimproxy.standalone.config.MessageSettings;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.OutcomeLog;
import org.dkimproxy.standalone.spool.Spool;
import org.dkimproxy.standalone.spool.SpoolBudget;

/** Signs one message from a stream, of any size: what was read waits in a {@link Spool} while it is hashed. */
final class MessageFilter {
    private static final int BLOCK = 64 * 1024;
    private static final ClientNetwork HERE = ClientNetwork.of(InetAddress.getLoopbackAddress());

    private final Supplier<SigningTransaction> transactions;
    private final MessageSettings settings;
    private final DkimproxyLog log;

    MessageFilter(Supplier<SigningTransaction> transactions, MessageSettings settings, DkimproxyLog log) {
        this.transactions = transactions;
        this.settings = settings;
        this.log = log;
    }

    /** Writes something to a stream. */
    @FunctionalInterface
    interface Writer {
        void accept(OutputStream out) throws IOException;
    }

    /** Gives a writer the stream to write to. */
    @FunctionalInterface
    interface Target {
        void take(Writer writer) throws IOException;
    }

    /**
     * Signs a message and hands it to the target: signed with CRLF line ends, or as it came if no signature is wanted or
     * none can be made. With {@code reject_error} a message that cannot be signed is not handed on at all.
     *
     * @return false if a signature was wanted and could not be made
     */
    boolean sign(InputStream message, Target target) throws IOException {
        try (Spool spool = new Spool(settings.spoolDirectory(), SpoolBudget.unlimited(), HERE)) {
            SigningOutcome outcome = receive(message, spool);
            OutcomeLog.write(log, outcome, settings.rejectErrors());
            switch (outcome) {
                case SigningOutcome.Signed signed -> target.take(out -> writeSigned(signed.header(), spool, out));
                case SigningOutcome.Failed _ when settings.rejectErrors() -> {}
                case SigningOutcome.Skipped _, SigningOutcome.Failed _ -> target.take(out -> spool.read(out::write));
            }
            return !(outcome instanceof SigningOutcome.Failed);
        }
    }

    private SigningOutcome receive(InputStream message, Spool spool) throws IOException {
        SigningTransaction transaction = transactions.get();
        LineEndings lineEndings = new LineEndings();
        byte[] block = new byte[BLOCK];
        for (int count = message.read(block); count >= 0; count = message.read(block)) {
            spool.write(block, 0, count);
            lineEndings.update(block, 0, count, transaction::update);
        }
        lineEndings.finish(transaction::update);
        return transaction.finish();
    }

    private static void writeSigned(byte[] fields, Spool spool, OutputStream out) throws IOException {
        out.write(fields);
        LineEndings lineEndings = new LineEndings();
        spool.read((array, offset, length) -> lineEndings.update(array, offset, length, out::write));
        lineEndings.finish(out::write);
    }
}
