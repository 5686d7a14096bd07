package org.dkimproxy.standalone.smtp;

/**
 * What a command means to a proxy, by its verb. An allow-list, as that of the EHLO keywords: a relay might read what
 * follows a verb that the proxy does not know as data, and then the two would disagree on what is a command.
 */
public enum CommandKind {
    /** Asks for the extensions (RFC 5321 section 4.1.1.1). */
    EHLO,
    /** Does without extensions. */
    HELO,
    /** Begins an exchange of lines that are nobody's business (RFC 4954 section 4). */
    AUTH,
    /** Postfix's: after its 220 a session begins anew. */
    XCLIENT,
    /** Asks for leave to send a message (RFC 5321 section 4.1.1.4). */
    DATA,
    /** Ends the session. */
    QUIT,
    /** Is followed by octets that are no commands, for any reply (RFC 3030 section 2). */
    BDAT,
    /** Names a recipient; the relay may reject many of them in a session that is in order. */
    RCPT,
    /** Brings no message forward, as Postfix's {@code smtpd_junk_command_limit} means it. One line and one reply. */
    JUNK,
    /** One line and one reply, which the proxy need not understand. */
    PASSED,
    /** No verb at all: an empty line, or one that begins with a blank, which some relays would skip. */
    MISSING,
    /** Any other verb. */
    UNKNOWN;

    /** The kind of a verb in upper case. */
    static CommandKind ofVerb(String verb) {
        return switch (verb) {
            case "EHLO" -> EHLO;
            case "HELO" -> HELO;
            case "AUTH" -> AUTH;
            case "XCLIENT" -> XCLIENT;
            case "DATA" -> DATA;
            case "QUIT" -> QUIT;
            case "BDAT" -> BDAT;
            case "RCPT" -> RCPT;
            case "RSET", "NOOP", "VRFY", "EXPN", "HELP", "ETRN" -> JUNK;
            case "MAIL", "XFORWARD", "SEND", "SAML", "SOML" -> PASSED;
            case "" -> MISSING;
            default -> UNKNOWN;
        };
    }
}
