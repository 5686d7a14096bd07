package org.dkimproxy.james;

import jakarta.inject.Inject;
import jakarta.mail.MessagingException;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.apache.james.core.MailAddress;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
import org.dkimproxy.sendermap.Checked;
import org.dkimproxy.sendermap.ConfOption;
import org.jspecify.annotations.Nullable;

/** Signs mail with DKIM and DomainKeys by a sender map. */
public class SignWithSenderMap extends GenericMailet {
    private final JamesFiles files;
    private final MetricFactory metrics;
    private @Nullable LiveSettings settings;
    private @Nullable MailSigner signer;

    /** Made by James. */
    @Inject
    public SignWithSenderMap(FileSystem fileSystem, MetricFactory metrics) {
        this.files = new JamesFiles(fileSystem);
        this.metrics = metrics;
    }

    @Override
    public String getMailetInfo() {
        return "SignWithSenderMap: signs with DKIM and DomainKeys by a sender map";
    }

    @Override
    public void init() throws MessagingException {
        Checked<List<ConfOption>> parameters = MailetParameters.read(getMailetConfig());
        LiveSettings live = LiveSettings.start(() -> MailetReading.read(parameters, files));
        MessageSettler settler = new MessageSettler(InstantSource.system(), this::messageId);
        settings = live;
        signer = new MailSigner(live::current, settler, new OutcomeCounters(metrics));
    }

    @Override
    public void service(Mail mail) throws MessagingException {
        if (signer == null) {
            throw new IllegalStateException("init was not called");
        }
        signer.sign(mail);
    }

    @Override
    public void destroy() {
        if (settings != null) {
            settings.close();
        }
    }

    private String messageId() {
        MailAddress postmaster = getMailetContext().getPostmaster();
        String domain =
                postmaster == null ? "localhost" : postmaster.getDomain().asString();
        return "<" + UUID.randomUUID() + "@" + domain + ">";
    }
}
