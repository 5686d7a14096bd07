package org.dkimproxy.james;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.mailet.Mail;
import org.dkimproxy.signing.MessageSummary;
import org.dkimproxy.signing.SigningOutcome;
import org.dkimproxy.signing.SigningTransaction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs one mail after the other: either its message is replaced by the signed one, or it stays as it was. Thread-safe.
 */
final class MailSigner {
    private static final Logger LOG = LoggerFactory.getLogger(MailSigner.class);
    /** A mail may have thousands; the log needs no more to tell what kind of mail it is. */
    private static final int MOST_LEFTOVERS = 3;

    private final Supplier<MailetSettings> settings;
    private final MessageNormalizer settler;
    private final OutcomeCounters counters;
    private final boolean ignoresExceptions;
    private final Session session = Session.getInstance(new Properties());

    /**
     * Signs by these settings.
     *
     * @param ignoresExceptions whether James continues with a mail for which {@link #sign} throws
     */
    MailSigner(
            Supplier<MailetSettings> settings,
            MessageNormalizer settler,
            OutcomeCounters counters,
            boolean ignoresExceptions) {
        this.settings = settings;
        this.settler = settler;
        this.counters = counters;
        this.ignoresExceptions = ignoresExceptions;
    }

    /**
     * Signs.
     *
     * @throws MessagingException if that failed and failures are to be rejected; the message is then as it was
     */
    void sign(Mail mail) throws MessagingException {
        MailetSettings now = settings.get();
        SigningOutcome outcome = attempt(mail, now);
        counters.count(mail, outcome);
        // a report about a mail that could not be signed: to reject that too would inform nobody (RFC 5321 section
        // 4.5.5)
        boolean rejects = now.rejectErrors() && !mail.getMaybeSender().isNullSender();
        log(mail, outcome, rejects && !ignoresExceptions);
        if (outcome instanceof SigningOutcome.Failed failed && rejects) {
            throw new MessagingException("DKIM signing of " + mail.getName() + " failed: " + failed.reason());
        }
    }

    private SigningOutcome attempt(Mail mail, MailetSettings now) {
        MessageSummary known = MessageSummary.UNKNOWN;
        try {
            MimeMessage message = mail.getMessage();
            if (message == null) {
                throw new MessagingException("a mail without a message");
            }
            // most of what is not to be signed need not be read, let alone converted
            SigningTransaction ofHeader = now.signer().begin();
            MessageOctets header = MessageOctets.header(message);
            Optional<SigningOutcome> decided = ofHeader.decide(header.array(), header.begin(), header.length());
            known = ofHeader.summary();
            return decided.isPresent() ? decided.get() : sign(mail, message, now);
        } catch (IOException | MessagingException e) {
            LOG.debug("mail {} cannot be read or replaced", mail.getName(), e);
            return new SigningOutcome.Failed(
                    SigningOutcome.Kind.TEMPORARY, "the message cannot be read or replaced: " + e, known);
        } catch (RuntimeException fault) {
            LOG.error("mail {}: a fault in the mailet; please report it", mail.getName(), fault);
            return new SigningOutcome.Failed(SigningOutcome.Kind.TEMPORARY, "internal fault", known);
        }
    }

    private SigningOutcome sign(Mail mail, MimeMessage message, MailetSettings now)
            throws MessagingException, IOException {
        NormalizedMessage settled = settler.settle(
                MessageOctets.written(message, mail.getMessageSize()),
                MimeVersionHabit.keeps(message.getClass()),
                now.sevenBit());
        SigningOutcome outcome = fed(now, settled.octets()).finish();
        if (outcome instanceof SigningOutcome.Signed signed) {
            // made of octets, so that nothing is rewritten: James copies it octet for octet as long as nobody changes
            // it
            mail.setMessage(new MimeMessage(session, settled.octets().signed(signed.header()).stream()));
            warnOfLeftovers(mail, settled);
            if (settled.hasRepairedLineEnds()) {
                LOG.info(
                        "line ends repaired: CR or LF that is not part of CRLF; {}, mail={}",
                        outcome.message().attributes(),
                        mail.getName());
            }
        }
        return settled.hasNewMessageId() ? withoutNewMessageId(outcome) : outcome;
    }

    private static SigningTransaction fed(MailetSettings now, MessageOctets octets) {
        SigningTransaction transaction = now.signer().begin();
        transaction.update(octets.array(), octets.begin(), octets.length());
        return transaction;
    }

    /** A mail that is not signed leaves as it came: an id that was made for the signed form must not be told of it. */
    private static SigningOutcome withoutNewMessageId(SigningOutcome outcome) {
        MessageSummary message = outcome.message();
        MessageSummary known = new MessageSummary(Optional.empty(), message.signer(), message.sender(), message.from());
        return switch (outcome) {
            case SigningOutcome.Signed signed -> signed;
            case SigningOutcome.Skipped skipped -> new SigningOutcome.Skipped(skipped.cause(), skipped.reason(), known);
            case SigningOutcome.Failed failed -> new SigningOutcome.Failed(failed.kind(), failed.reason(), known);
        };
    }

    private static void warnOfLeftovers(Mail mail, NormalizedMessage message) {
        if (!message.leftovers().isEmpty()) {
            LOG.warn(
                    "mail {}: signed, but not all of it could be made 7-bit data, so that a next hop without 8BITMIME"
                            + " may break the signature; left as it is: {}",
                    mail.getName(),
                    message.leftovers().stream().limit(MOST_LEFTOVERS).collect(Collectors.joining(", ")));
        }
    }

    private static void log(Mail mail, SigningOutcome outcome, boolean rejects) {
        String attributes = outcome.message().attributes();
        String which = (attributes.isEmpty() ? "" : attributes + ", ") + "mail=" + mail.getName();
        switch (outcome) {
            case SigningOutcome.Signed signed -> LOG.info("DKIM signing - signed; {}", which);
            case SigningOutcome.Skipped skipped -> {
                LOG.info("DKIM signing - skipped; {}", which);
                LOG.info("unsigned: {}; {}", skipped.reason(), which);
            }
            case SigningOutcome.Failed failed ->
                LOG.warn(
                        "signing error: {}, {}; {}",
                        failed.reason(),
                        rejects ? "mail rejected" : "message leaves unsigned",
                        which);
        }
    }
}
