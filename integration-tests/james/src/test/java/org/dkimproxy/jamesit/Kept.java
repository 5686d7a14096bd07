package org.dkimproxy.jamesit;

import jakarta.mail.MessagingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;

/** Stands where James keeps mail that did not go out, and ends its way. Its parameter {@code repositoryPath} says which one it is. */
public final class Kept extends GenericMailet {
    private static final List<Message> MESSAGES = new CopyOnWriteArrayList<>();

    /**
     * A message that is kept.
     *
     * @param repository where
     * @param recipient the local part of its recipient
     * @param arrived as it was then
     * @param error what James says of it; empty if nothing
     */
    record Message(String repository, String recipient, Arrived arrived, String error) {}

    /** Loaded by name. */
    public Kept() {}

    /** Those that were kept since the last time that this was asked. */
    static List<Message> take() {
        List<Message> taken = List.copyOf(MESSAGES);
        MESSAGES.clear();
        return taken;
    }

    @Override
    public void service(Mail mail) throws MessagingException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try {
            mail.getMessage().writeTo(octets);
        } catch (IOException e) {
            throw new MessagingException("not written", e);
        }
        MESSAGES.add(new Message(
                getInitParameter("repositoryPath"),
                mail.getRecipients().iterator().next().getLocalPart(),
                Arrived.of(octets.toByteArray()),
                mail.getErrorMessage() == null ? "" : mail.getErrorMessage()));
        mail.setState(Mail.GHOST);
    }
}
