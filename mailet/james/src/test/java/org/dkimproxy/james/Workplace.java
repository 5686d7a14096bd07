package org.dkimproxy.james;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.core.MailAddress;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.jdkim.DKIMVerifier;
import org.apache.james.jdkim.exceptions.FailException;
import org.apache.james.metrics.api.Gauge;
import org.apache.james.metrics.api.GaugeRegistry;
import org.apache.james.metrics.tests.RecordingMetricFactory;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.configuration.FileConfigurationProvider;
import org.apache.mailet.Mail;
import org.apache.mailet.base.test.FakeMailContext;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.bouncycastle.operator.OperatorCreationException;
import org.dkimproxy.signing.key.TestKeys;
import org.dkimproxy.testkit.PrivateKeys;

/** A James folder with a conf folder, keys in it, and mailets that are configured from it. */
final class Workplace {
    final RecordingMetricFactory metrics = new RecordingMetricFactory();
    final Gauges gauges = new Gauges();
    final RunningMailets running = new RunningMailets(gauges);
    private final Path folder;
    private final KeyPair rsa = PrivateKeys.newRsa(1024);

    /** Writes {@code conf/ed.pem} and {@code conf/rsa.pem}, of 1024 bits since few bits sign fast. */
    Workplace(Path folder) {
        this.folder = folder;
        write("conf/ed.pem", TestKeys.ed25519());
        write("conf/rsa.pem", PrivateKeys.pkcs8(rsa.getPrivate()));
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    /** Writes a file that only its owner can read. */
    Workplace write(String name, String content) {
        try {
            Files.createDirectories(path(name).getParent());
            Files.writeString(path(name), content, UTF_8);
            Files.setPosixFilePermissions(path(name), PosixFilePermissions.fromString("rw-------"));
            return this;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    Workplace writeEncryptedKey(String name, String passphrase) {
        try {
            return write(name, TestKeys.encrypted(rsa.getPrivate(), passphrase));
        } catch (IOException | OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    /** A mailet before its init. */
    SignWithSenderMap mailet() {
        return new SignWithSenderMap(
                new Folder(folder), metrics, running, new ProcessorNames((name, level) -> mailetContainer()));
    }

    /** What is in {@code conf/mailetcontainer.xml}, as James reads it. */
    private HierarchicalConfiguration<ImmutableNode> mailetContainer() throws ConfigurationException {
        try (InputStream content = Files.newInputStream(path("conf/mailetcontainer.xml"))) {
            return FileConfigurationProvider.getConfig(content);
        } catch (IOException missing) {
            throw new ConfigurationException(missing);
        }
    }

    /** A mailet with parameters, given as name, value, name, value. */
    SignWithSenderMap mailet(String... parameters) throws MessagingException {
        SignWithSenderMap mailet = mailet();
        mailet.init(config(parameters));
        return mailet;
    }

    static FakeMailetConfig config(String... parameters) {
        FakeMailetConfig.Builder config = FakeMailetConfig.builder()
                .mailetName(SignWithSenderMap.class.getName())
                .mailetContext(FakeMailContext.builder().postmaster(address("postmaster@mx.example")));
        for (int i = 0; i < parameters.length; i += 2) {
            config.setProperty(parameters[i], parameters[i + 1]);
        }
        return config.build();
    }

    /** What jDKIM says of the message as James would send it: {@code pass}, or why not. */
    String verdict(Mail mail) {
        String record = "v=DKIM1; p="
                + Base64.getEncoder().encodeToString(rsa.getPublic().getEncoded());
        byte[] message = sent(mail).replace("\n", "\r\n").getBytes(ISO_8859_1);
        try {
            new DKIMVerifier((methods, selector, domain) -> List.of(record)).verify(new ByteArrayInputStream(message));
            return "pass";
        } catch (FailException | IOException fail) {
            return fail.toString();
        }
    }

    private static MailAddress address(String text) {
        try {
            return new MailAddress(text);
        } catch (AddressException e) {
            throw new AssertionError(e);
        }
    }

    /** James's own mail, with a message whose lines end in LF and whose characters are octets. */
    static Mail mail(String message) {
        try {
            return MailImpl.builder()
                    .name("mail-1")
                    .sender("alice@example.org")
                    .addRecipient("bob@example.net")
                    .mimeMessage(plain(message))
                    .build();
        } catch (MessagingException e) {
            throw new AssertionError(e);
        }
    }

    /** The same with an empty envelope sender. */
    static Mail bounce(String message) {
        Mail mail = mail(message);
        ((MailImpl) mail).setSender(MailAddress.nullSender());
        return mail;
    }

    static MimeMessage plain(String message) throws MessagingException {
        byte[] octets = message.replace("\n", "\r\n").getBytes(ISO_8859_1);
        return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(octets));
    }

    /** The message as James would send it, with LF line ends and a character for each octet. */
    static String sent(Mail mail) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            mail.getMessage().writeTo(out, new String[] {"Bcc", "Content-Length"});
            return out.toString(ISO_8859_1).replace("\r\n", "\n");
        } catch (MessagingException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What James would export, by name. */
    static final class Gauges implements GaugeRegistry {
        private final Map<String, Gauge<?>> byName = new ConcurrentHashMap<>();

        @Override
        public <T> GaugeRegistry register(String name, Gauge<T> gauge) {
            byName.put(name, gauge);
            return this;
        }

        @Override
        public <T> SettableGauge<T> settableGauge(String name) {
            throw new UnsupportedOperationException(name);
        }

        Object value(String name) {
            return byName.get(name).get();
        }
    }

    /** James's file names, as its own file system takes them. */
    private record Folder(Path path) implements FileSystem {
        @Override
        public InputStream getResource(String url) throws IOException {
            return Files.newInputStream(getFile(url).toPath());
        }

        @Override
        public File getFile(String fileUrl) throws FileNotFoundException {
            if (fileUrl.startsWith("file://")) {
                return path.resolve(fileUrl.substring("file://".length())).toFile();
            }
            throw new FileNotFoundException("looked up in the class path: " + fileUrl);
        }

        @Override
        public File getBasedir() {
            return path.toFile();
        }
    }
}
