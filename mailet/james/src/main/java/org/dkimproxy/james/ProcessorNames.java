package org.dkimproxy.james;

import jakarta.inject.Inject;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.mailetcontainer.impl.MailetConfigImpl;
import org.apache.james.server.core.configuration.ConfigurationProvider;
import org.apache.mailet.MailetConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the name of the processor that a mailet is in, since James does not pass it on: the one with such a mailet in {@code
 * mailetcontainer.xml}.
 */
final class ProcessorNames {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessorNames.class);
    private static final String UNKNOWN = "unknown";

    private final ConfigurationProvider configurations;

    /** Made by James. */
    @Inject
    ProcessorNames(ConfigurationProvider configurations) {
        this.configurations = configurations;
    }

    /** The name; several with {@code |} between where the same mailet stands in several processors; else {@code unknown}. */
    String of(MailetConfig mailet) {
        try {
            return configurations.getConfiguration("mailetcontainer").configurationsAt("processors.processor").stream()
                    .filter(processor ->
                            processor.configurationsAt("mailet").stream().anyMatch(other -> isSame(mailet, other)))
                    .map(processor -> processor.getString("[@state]", UNKNOWN))
                    .distinct()
                    .collect(Collectors.collectingAndThen(
                            Collectors.joining("|"), names -> names.isEmpty() ? UNKNOWN : names));
        } catch (ConfigurationException | RuntimeException unreadable) {
            LOG.debug("mailetcontainer.xml cannot be read again", unreadable);
            return UNKNOWN;
        }
    }

    private static boolean isSame(MailetConfig mailet, HierarchicalConfiguration<ImmutableNode> other) {
        MailetConfigImpl read = new MailetConfigImpl();
        read.setConfiguration(other);
        String name = other.getString("[@class]", "");
        return name.equals(mailet.getMailetName()) && parameters(read).equals(parameters(mailet));
    }

    private static Map<String, String> parameters(MailetConfig mailet) {
        Map<String, String> parameters = new TreeMap<>();
        for (Iterator<String> names = mailet.getInitParameterNames(); names.hasNext(); ) {
            String name = names.next();
            parameters.put(name, mailet.getInitParameter(name));
        }
        return parameters;
    }
}
