package org.dkimproxy.jamesit;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.Properties;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.apache.mailet.base.Converter7Bit;
import org.apache.mailet.base.GenericMailet;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers as RemoteDelivery does, which is not to be had for James 3.9: it copies the mail as the queue does, makes the
 * message 7 bit where the smart host does not announce 8BITMIME, and sends it by the SMTP transport that James uses.
 *
 * <p>Its parameter {@code gateway} is the smart host, an address, a colon and a port.
 */
public final class SmartHostDelivery extends GenericMailet {
    private static final Logger LOG = LoggerFactory.getLogger(SmartHostDelivery.class);
    private static final String PATIENCE = "60000";

    /** Loaded by name. */
    public SmartHostDelivery() {}

    @Override
    public void service(Mail mail) throws MessagingException {
        MailImpl queued = MailImpl.duplicate(mail);
        try {
            deliver(queued);
        } finally {
            LifecycleUtil.dispose(queued);
        }
        mail.setState(Mail.GHOST);
    }

    private void deliver(Mail mail) throws MessagingException {
        Properties properties = new Properties();
        properties.put("mail.smtp.from", mail.getMaybeSender().asString());
        properties.put("mail.smtp.timeout", PATIENCE);
        properties.put("mail.smtp.connectiontimeout", PATIENCE);
        String[] gateway = getInitParameter("gateway").split(":", 2);
        try (SMTPTransport transport =
                (SMTPTransport) Session.getInstance(properties).getTransport("smtp")) {
            transport.setLocalHost("james.example.org");
            transport.connect(gateway[0], Integer.parseInt(gateway[1]), null, null);
            MimeMessage message = mail.getMessage();
            if (!transport.supportsExtension("8BITMIME")) {
                try {
                    new Converter7Bit(getMailetContext()).convertTo7Bit(message);
                } catch (IOException e) {
                    LOG.error("conversion to 7 bit of {} failed; sent as it is", mail.getName(), e);
                }
            }
            InternetAddress[] recipients = mail.getRecipients().stream()
                    .map(recipient -> recipient.toInternetAddress().orElseThrow())
                    .toArray(InternetAddress[]::new);
            transport.sendMessage(message, recipients);
        }
    }
}
