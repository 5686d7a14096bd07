package org.dkimproxy.jamesit;

import com.codahale.metrics.MetricRegistry;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Scopes;
import com.google.inject.multibindings.Multibinder;
import jakarta.mail.MessagingException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.mailetcontainer.api.MailetLoader;
import org.apache.james.mailetcontainer.api.MatcherLoader;
import org.apache.james.mailetcontainer.impl.CompositeProcessorImpl;
import org.apache.james.metrics.api.GaugeRegistry;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.metrics.dropwizard.DropWizardGaugeRegistry;
import org.apache.james.metrics.tests.RecordingMetricFactory;
import org.apache.james.server.core.JamesServerResourceLoader;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.configuration.Configuration;
import org.apache.james.server.core.configuration.ConfigurationProvider;
import org.apache.james.server.core.configuration.FileConfigurationProvider;
import org.apache.james.server.core.filesystem.FileSystemImpl;
import org.apache.james.transport.matchers.SMTPIsAuthNetwork;
import org.apache.james.utils.ClassName;
import org.apache.james.utils.ExtendedClassLoader;
import org.apache.james.utils.ExtensionConfiguration;
import org.apache.james.utils.GuiceGenericLoader;
import org.apache.james.utils.GuiceLoader;
import org.apache.james.utils.GuiceMailetLoader;
import org.apache.james.utils.GuiceMatcherLoader;
import org.apache.james.utils.MailetConfigurationOverride;
import org.apache.james.utils.NamingScheme;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.apache.mailet.base.test.FakeMailContext;

/**
 * The mailet container of James 3.9: its loader of extensions, its reader of {@code mailetcontainer.xml} and its processors,
 * without the SMTP server before them and the queue behind.
 */
final class Container implements AutoCloseable {
    private static final AtomicLong COUNT = new AtomicLong();

    private final CompositeProcessorImpl processors;
    private final RecordingMetricFactory metrics;
    private final MetricRegistry gauges;
    private final GuiceLoader extensions;

    private Container(
            CompositeProcessorImpl processors,
            RecordingMetricFactory metrics,
            MetricRegistry gauges,
            GuiceLoader extensions) {
        this.processors = processors;
        this.metrics = metrics;
        this.gauges = gauges;
        this.extensions = extensions;
    }

    /**
     * Puts stand-ins for the mailets that are in a part of James 3.9 which is not to be had: for the one that delivers, {@link
     * SmartHostDelivery}; for those that keep what did not go out, {@link Kept}; for those that report it, nothing.
     */
    static void replaceWhatIsNotToBeHad(JamesFolder folder) throws IOException {
        Path conf = folder.conf("mailetcontainer.xml");
        Files.writeString(
                conf,
                Files.readString(conf, StandardCharsets.UTF_8)
                        .replace("class=\"RemoteDelivery\"", "class=\"" + SmartHostDelivery.class.getName() + "\"")
                        .replace("class=\"ToRepository\"", "class=\"" + Kept.class.getName() + "\"")
                        .replaceAll("(?s)<mailet match=\"All\" class=\"(DSN)?Bounce\">.*?</mailet>", ""),
                StandardCharsets.UTF_8);
    }

    /**
     * Starts the processors of a folder, and what is among its extensions. Throws what stops the start of James.
     *
     * @param domains what the DomainList holds; without them there is none
     */
    static Container start(JamesFolder folder, String... domains) throws Exception {
        forgetClassesOfOtherServers();
        RecordingMetricFactory metrics = new RecordingMetricFactory();
        JamesServerResourceLoader directories =
                new JamesServerResourceLoader(folder.root().toAbsolutePath().toString());
        FileSystem files = new FileSystemImpl(directories);
        MetricRegistry gauges = new MetricRegistry();
        FileConfigurationProvider configuration = new FileConfigurationProvider(
                files,
                new Configuration.Basic(
                        new Configuration.ConfigurationPath(FileSystem.FILE_PROTOCOL_AND_CONF), directories));
        Injector injector = Guice.createInjector(binder -> {
            binder.bind(FileSystem.class).toInstance(files);
            binder.bind(MetricFactory.class).toInstance(metrics);
            binder.bind(GaugeRegistry.class).toInstance(new DropWizardGaugeRegistry(gauges));
            binder.bind(ConfigurationProvider.class).toInstance(configuration);
            binder.bind(MailetContext.class).toInstance(FakeMailContext.defaultContext());
            binder.bind(GuiceGenericLoader.class).in(Scopes.SINGLETON);
            binder.bind(GuiceLoader.class).to(GuiceGenericLoader.class);
            binder.bind(ExtensionConfiguration.class).toInstance(ExtensionConfiguration.DEFAULT);
            binder.bind(ExtendedClassLoader.class).toInstance(new ExtendedClassLoader(files));
            binder.bind(MailetLoader.class).to(GuiceMailetLoader.class);
            binder.bind(MatcherLoader.class).to(GuiceMatcherLoader.class);
            Multibinder.newSetBinder(binder, MailetConfigurationOverride.class);
            if (domains.length > 0) {
                binder.bind(DomainList.class)
                        .toInstance(new FixedDomains(
                                Arrays.stream(domains).map(Domain::of).toList()));
            }
        });
        CompositeProcessorImpl processors = injector.getInstance(CompositeProcessorImpl.class);
        processors.configure(configuration.getConfiguration("mailetcontainer.processors"));
        processors.init();
        return new Container(processors, metrics, gauges, injector.getInstance(GuiceLoader.class));
    }

    /** James caches extension classes for the JVM, in which it expects one server: a second one would mix two class loaders. */
    private static void forgetClassesOfOtherServers() throws ReflectiveOperationException {
        Field cache = ExtendedClassLoader.class.getDeclaredField("cache");
        cache.setAccessible(true);
        ((Map<?, ?>) cache.get(null)).clear();
    }

    /** Processes a message as one that came by SMTP from an address that may relay, in this thread. */
    void service(Case sent) throws MessagingException {
        MailImpl mail = MailImpl.builder()
                .name(sent.name() + "-" + COUNT.incrementAndGet())
                .sender(sent.sender().isEmpty() ? null : new MailAddress(sent.sender()))
                .addRecipient(sent.recipient())
                .state(Mail.DEFAULT)
                .addAttribute(SMTPIsAuthNetwork.makeAttribute(true))
                .build();
        mail.setMessageContent(
                MimeMessageInputStreamSource.create(mail.getName(), new ByteArrayInputStream(sent.message())));
        try {
            processors.service(mail);
        } finally {
            mail.dispose();
        }
    }

    RecordingMetricFactory metrics() {
        return metrics;
    }

    /** The value of a gauge. */
    Object gauge(String name) {
        return gauges.getGauges().get(name).getValue();
    }

    /** A health check or routes, as James makes an extension of this class. */
    <T> T extension(Class<T> type, String className) throws ClassNotFoundException {
        return type.cast(extensions.withNamingSheme(NamingScheme.IDENTITY).instantiate(new ClassName(className)));
    }

    /** The processors, by name. */
    List<String> processors() {
        return List.of(processors.getProcessorStates());
    }

    @Override
    public void close() {
        processors.dispose();
    }
}
