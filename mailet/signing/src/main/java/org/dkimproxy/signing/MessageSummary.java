package org.dkimproxy.signing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.text.PrintableText;

/**
 * What the log says of a message.
 *
 * @param messageId the id in Message-ID, without brackets
 * @param signer the identity of the last signature
 * @param sender the address in Sender, when that decided
 * @param from the address in From, when that decided
 */
public record MessageSummary(
        Optional<String> messageId, Optional<String> signer, Optional<String> sender, Optional<String> from) {
    private static final int LONGEST_VALUE = 320;

    /** Nothing is known. */
    public static final MessageSummary UNKNOWN =
            new MessageSummary(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * {@code message-id=<...>, signer=<...>, from=<...>}, or {@code sender=} when Sender decided; what is unknown is left
     * out. One line of printable characters.
     */
    public String attributes() {
        List<String> attributes = new ArrayList<>(3);
        messageId.ifPresent(value -> attributes.add(attribute("message-id", value)));
        signer.ifPresent(value -> attributes.add(attribute("signer", value)));
        sender.ifPresent(value -> attributes.add(attribute("sender", value)));
        if (sender.isEmpty()) {
            from.ifPresent(value -> attributes.add(attribute("from", value)));
        }
        return String.join(", ", attributes);
    }

    /** A value from a message must not look like the end of itself and the beginning of the next attribute. */
    private static String attribute(String name, String value) {
        return name + "=<"
                + PrintableText.of(value, LONGEST_VALUE, '?').replace('<', '?').replace('>', '?') + ">";
    }

    /** This summary with the identity of the last of these fields. */
    MessageSummary signedBy(List<SignatureField> fields) {
        return new MessageSummary(messageId, Optional.of(fields.getLast().identity()), sender, from);
    }

    /**
     * Text from a message as it may stand in a log line, before its attributes: cut, with {@code ?} for what does not print
     * and for what could pass for an attribute.
     */
    static String printable(String text) {
        return PrintableText.of(text, LONGEST_VALUE, '?')
                .replace('<', '?')
                .replace('>', '?')
                .replace(';', '?');
    }
}
