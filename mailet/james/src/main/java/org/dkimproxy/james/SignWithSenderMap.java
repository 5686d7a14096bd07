package org.dkimproxy.james;

import jakarta.inject.Inject;
import jakarta.mail.MessagingException;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.apache.james.core.MailAddress;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.signing.HostDomains;
import org.dkimproxy.signing.key.SignatureProvider;
import org.jspecify.annotations.Nullable;

/**
 * Signs outgoing mail with DKIM (RFC 6376, 8463) and DomainKeys (RFC 4870) by a sender map, as dkimproxy.out does, with its
 * option names and its files.
 *
 * <p>It belongs at the end of the processor that delivers, right before RemoteDelivery: what changes a mail after it was signed
 * breaks the signature. Bcc fields have to be removed before, since RemoteDelivery leaves them out.
 *
 * <pre><code>
 * &lt;processor state="relay"&gt;
 *   &lt;mailet match="All" class="RemoveMimeHeader"&gt;
 *     &lt;name&gt;bcc&lt;/name&gt;
 *   &lt;/mailet&gt;
 *   &lt;mailet match="All" class="org.dkimproxy.james.SignWithSenderMap"&gt;
 *     &lt;sender_map&gt;file://conf/sender_map&lt;/sender_map&gt;
 *   &lt;/mailet&gt;
 *   &lt;mailet match="All" class="RemoteDelivery"&gt;
 *     &lt;outgoing&gt;outgoing&lt;/outgoing&gt;
 *   &lt;/mailet&gt;
 * &lt;/processor&gt;
 * </code></pre>
 *
 * <p>The sender map has a line for each sender, with the signatures that its mail gets:
 *
 * <pre><code>
 * example.org        dkim(c=relaxed/relaxed,s=2026,key=file://conf/keys/example.org.key)
 * news@example.org   dkim(s=news,key=/etc/dkim/news.key,i=bulk@example.org)
 * </code></pre>
 *
 * <p>One domain needs no map:
 *
 * <pre><code>
 * &lt;mailet match="All" class="org.dkimproxy.james.SignWithSenderMap"&gt;
 *   &lt;domain&gt;example.org&lt;/domain&gt;
 *   &lt;selector&gt;2026&lt;/selector&gt;
 *   &lt;keyfile&gt;file://conf/keys/example.org.key&lt;/keyfile&gt;
 *   &lt;signature&gt;dkim(c=relaxed/relaxed)&lt;/signature&gt;
 *   &lt;reject_error&gt;yes&lt;/reject_error&gt;
 *   &lt;onMailetException&gt;error&lt;/onMailetException&gt;
 * &lt;/mailet&gt;
 * </code></pre>
 *
 * <p>A site that moves from dkimproxy keeps its file, in which names of files have to be absolute paths; what concerns
 * sockets and processes is ignored with a note:
 *
 * <pre><code>
 * &lt;mailet match="All" class="org.dkimproxy.james.SignWithSenderMap"&gt;
 *   &lt;conf_file&gt;/etc/dkimproxy/dkimproxy_out.conf&lt;/conf_file&gt;
 * &lt;/mailet&gt;
 * </code></pre>
 *
 * <p>The parameters, of which those that are on or off are on when they are empty:
 *
 * <ul>
 *   <li>{@code sender_map}, {@code listid_map}, {@code signature} (may be repeated), {@code keyfile}, {@code selector}, {@code
 *       domain}, {@code method}, {@code dkim_method}, {@code domainkeys_method}, {@code identity}, {@code originator}, {@code
 *       oversign}, {@code compat}, {@code key_passphrase_file}: as in dkimproxy.out.
 *   <li>{@code conf_file}: a file with those options; a parameter wins over it.
 *   <li>{@code reject_error}: {@code yes} throws a {@link MessagingException} for a mail that cannot be signed, which takes it,
 *       as it was, where {@code onMailetException} says; a report with a null sender goes on unsigned. Without it such a mail goes on unsigned, and a warning is logged.
 *   <li>{@code sign_authors}: {@code own}, the default, signs a mail only if the domain of its From field equals or lies
 *       below a domain that the configuration signs for (a constant {@code d=}, {@code domain}, the key of a map) or an
 *       entry of James's DomainList, so that forwarded and redirected mail of strangers stays unsigned. A rule of {@code
 *       listid_map} signs all mail to its list. {@code all} signs every mail that a rule matches, as dkimproxy.out
 *       does.
 *   <li>{@code convert_to_7bit}: {@code yes} converts 8-bit parts before they are signed, since a next hop without
 *       8BITMIME would have them converted afterwards (RFC 6376 section 5.3); {@code no} leaves them as they are. Without
 *       it they are converted unless the mail has a DKIM signature of a domain that is none of the own ones of {@code
 *       sign_authors}, which that would break.
 *   <li>{@code strict}: {@code yes} treats every warning about the configuration as an error; {@code no} starts although a
 *       parameter is unknown, with a warning. Without it an unknown parameter stops the start, and other warnings do not.
 * </ul>
 *
 * <p>Each name may be in camel case, as James's own are: {@code senderMap}, {@code rejectError}, {@code convertTo7bit}.
 *
 * <p>Files are named {@code file://conf/NAME} or by absolute paths, in maps and conf files too. They are read again when they
 * change, within two seconds; what is wrong then leaves what was in use before in use. What is wrong at the start stops it,
 * with file, line and column.
 *
 * <p>The attribute {@code org.dkimproxy.outcome} of the mail is {@code signed}, {@code failed} or {@code skipped}: of several
 * mailets, the outcome of the one that did the most, in this order. {@code org.dkimproxy.reason} is why it was not signed. The
 * metrics {@code dkimproxy.signed}, {@code dkimproxy.failed} and {@code dkimproxy.skipped} count each mail once, the latter two
 * also by reason, such as {@code dkimproxy.skipped.no_rule}; {@code dkimproxy.reloads.succeeded} and {@code
 * dkimproxy.reloads.failed} count reloads. The gauge {@code dkimproxy.configuration.fingerprint} is equal on nodes with equal
 * maps, options and public keys. See also {@link SigningHealthCheck}.
 *
 * <p>Thread-safe.
 */
public class SignWithSenderMap extends GenericMailet {
    private final JamesFiles files;
    private final MetricFactory metrics;
    private final RunningMailets mailets;
    private final ProcessorNames processors;
    private HostDomains ofJames = HostDomains.NONE;
    private @Nullable LiveSettings settings;
    private @Nullable MailSigner signer;

    /**
     * Made by James, which calls {@link #init} next.
     *
     * @param fileSystem finds the files that are named as James names them
     * @param metrics where outcomes are counted
     * @param mailets those that run, among which this one is from {@link #init} to {@link #destroy}
     * @param processors finds the name of the processor that this one is in
     */
    @Inject
    public SignWithSenderMap(
            FileSystem fileSystem, MetricFactory metrics, RunningMailets mailets, ProcessorNames processors) {
        this.files = new JamesFiles(fileSystem);
        this.metrics = metrics;
        this.mailets = mailets;
        this.processors = processors;
    }

    /** Called by the Guice of James, unless that has no DomainList. */
    @com.google.inject.Inject(optional = true)
    void setDomainList(DomainList domains) {
        ofJames = new JamesDomains(domains, System::nanoTime);
    }

    @Override
    public String getMailetInfo() {
        return "SignWithSenderMap: signs with DKIM and DomainKeys by a sender map";
    }

    /**
     * Reads the configuration, the maps and the keys.
     *
     * @throws MessagingException if anything in them is wrong; all of it is in the message
     */
    @Override
    public void init() throws MessagingException {
        Parsed<List<ConfOption>> parameters = MailetParameters.read(getMailetConfig());
        LiveSettings live = LiveSettings.start(
                processors.of(getMailetConfig()),
                new MailetLoader(parameters, files, ofJames),
                new ReloadCounters(metrics));
        MessageNormalizer settler = new MessageNormalizer(InstantSource.system(), this::messageId);
        SignatureProvider.load();
        settings = live;
        mailets.add(live);
        boolean ignoresExceptions = "ignore".equalsIgnoreCase(getInitParameter("onMailetException"));
        signer = new MailSigner(live::current, settler, new OutcomeCounters(metrics), ignoresExceptions);
    }

    /**
     * Signs a mail, or leaves it as it is.
     *
     * @throws MessagingException if it cannot be signed and {@code reject_error} is on
     */
    @Override
    public void service(Mail mail) throws MessagingException {
        if (signer == null) {
            throw new IllegalStateException("init was not called");
        }
        signer.sign(mail);
    }

    /** Ends the watching of files. */
    @Override
    public void destroy() {
        if (settings != null) {
            mailets.remove(settings);
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
