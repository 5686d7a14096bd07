package org.dkimproxy.standalone.session;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.smtp.Command;
import org.dkimproxy.standalone.smtp.CommandKind;
import org.dkimproxy.standalone.smtp.Reply;

/**
 * Every line that is sent and received in a session, at level debug, for the option {@code debugtrace}; of a message only
 * its length. Used by the thread of the session.
 *
 * <p>What authenticates is never shown (RFC 4954): of an AUTH command no more than its mechanism, of the lines and replies
 * up to the end of the exchange no more than codes, and nothing of a command that the proxy does not know, since it
 * may be the answer to a challenge that came too early or too late.
 */
final class ConversationTrace {
    /** Shows nothing. */
    static final ConversationTrace NONE = new ConversationTrace(Optional.empty(), "");

    private static final int CHALLENGE = 334;
    private static final String HIDDEN = "(hidden)";
    private static final Pattern SECOND_WORD = Pattern.compile("[^ ]+ +([^ ]+)( .*)?");
    private static final Pattern STATUS = Pattern.compile("[245]\\.[0-9]{1,3}\\.[0-9]{1,3}(?= |$)");
    private static final Set<String> MECHANISMS = Set.of(
            "ANONYMOUS",
            "CRAM-MD5",
            "DIGEST-MD5",
            "EXTERNAL",
            "GSSAPI",
            "LOGIN",
            "NTLM",
            "OAUTHBEARER",
            "PLAIN",
            "SCRAM-SHA-1",
            "SCRAM-SHA-1-PLUS",
            "SCRAM-SHA-256",
            "SCRAM-SHA-256-PLUS",
            "XOAUTH2");

    private final Optional<DkimproxyLog> log;
    private final String session;
    private boolean authenticating;

    private ConversationTrace(Optional<DkimproxyLog> log, String session) {
        this.log = log;
        this.session = session;
    }

    /**
     * The trace of a session.
     *
     * @param peer the client's address
     * @param number distinguishes the session from others of the same client
     */
    static ConversationTrace of(DkimproxyLog log, String peer, long number) {
        return new ConversationTrace(Optional.of(log), "trace " + peer + " #" + number);
    }

    /** A line of the client, with its CRLF. */
    void fromClient(byte[] line) {
        if (log.isPresent()) {
            show("from client", shown(line));
        }
    }

    /** A line to the relay, with its CRLF. */
    void toRelay(byte[] line) {
        if (log.isPresent()) {
            show("to relay", shown(line));
        }
    }

    /** A reply of the relay. */
    void fromRelay(Reply reply) {
        show("from relay", reply);
    }

    /** A reply to the client; it ends an authentication unless it is a challenge. */
    void toClient(Reply reply) {
        show("to client", reply);
        authenticating &= reply.code() == CHALLENGE;
    }

    /** A message of the client, as it came. */
    void messageFromClient(long octets) {
        show("from client", "message of " + octets + " octets");
    }

    /** A message to the relay, before its dots are stuffed. */
    void messageToRelay(long octets) {
        show("to relay", "message of " + octets + " octets");
    }

    private void show(String way, Reply reply) {
        if (log.isEmpty()) {
            return;
        }
        if (reply.code() == CHALLENGE || authenticating) {
            Matcher status = STATUS.matcher(reply.texts().getFirst());
            show(way, reply.code() + " " + (status.lookingAt() ? status.group() + " " : "") + HIDDEN);
        } else {
            reply.lines().forEach(line -> show(way, line));
        }
    }

    private void show(String way, String what) {
        log.ifPresent(sink -> sink.debug(session + " " + way + ": " + what));
    }

    private String shown(byte[] line) {
        Command command = new Command(line);
        if (command.kind() == CommandKind.AUTH) {
            authenticating = true;
            return "AUTH " + mechanism(text(line)) + HIDDEN;
        }
        if (authenticating) {
            return HIDDEN;
        }
        return switch (command.kind()) {
            case UNKNOWN, MISSING, AUTH -> "(unknown command of " + line.length + " octets)";
            case EHLO, HELO, XCLIENT, DATA, QUIT, BDAT, RCPT, JUNK, PASSED -> text(line);
        };
    }

    /** The second word and a blank, if that is a mechanism; it could be a password that was sent too soon. */
    private static String mechanism(String command) {
        Matcher words = SECOND_WORD.matcher(command);
        String word = words.matches() ? words.group(1).toUpperCase(Locale.ROOT) : "";
        return MECHANISMS.contains(word) ? word + " " : "";
    }

    /** Without the CRLF. */
    private static String text(byte[] line) {
        return new String(line, 0, line.length - 2, StandardCharsets.ISO_8859_1);
    }
}
