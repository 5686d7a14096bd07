package org.dkimproxy.james;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.apache.james.lifecycle.api.LifecycleUtil;

/**
 * Whether a class of messages leaves a MIME-Version field alone that begins with {@code 1.0}, however it is spelled and
 * with any text after it. James 3.9 does, James 3.8 writes the field again; a trial message of that class shows which.
 */
final class MimeVersionHabit extends ClassValue<Boolean> {
    private static final MimeVersionHabit HABITS = new MimeVersionHabit();
    private static final String KEPT = "1.0 (kept)";

    private MimeVersionHabit() {}

    /** Whether messages of this class keep the field. */
    static boolean keeps(Class<? extends MimeMessage> type) {
        return HABITS.get(type);
    }

    @Override
    protected Boolean computeValue(Class<?> type) {
        // with Date and Message-ID, since the making of an id may ask the DNS for the name of this machine
        String header = "Date: Mon, 1 Jan 2024 00:00:00 +0000\r\nMessage-ID: <1@localhost>\r\nMIME-Version: " + KEPT
                + "\r\n\r\n";
        InputStream octets = new ByteArrayInputStream(header.getBytes(StandardCharsets.US_ASCII));
        try {
            MimeMessage plain = new MimeMessage(Session.getInstance(new Properties()), octets);
            MimeMessage trial =
                    (MimeMessage) type.getConstructor(MimeMessage.class).newInstance(plain);
            try {
                trial.saveChanges();
                return KEPT.equals(trial.getHeader("MIME-Version", null));
            } finally {
                LifecycleUtil.dispose(trial);
            }
        } catch (ReflectiveOperationException | MessagingException notTried) {
            // what is written anew already is the same in both cases, so that our own signature holds
            return false;
        }
    }
}
