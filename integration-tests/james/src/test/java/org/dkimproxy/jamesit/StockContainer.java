package org.dkimproxy.jamesit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
import org.apache.mailet.base.GenericMatcher;

/** James's own {@code mailetcontainer.xml} in the mailet container of James 3.9, without the parts that are not to be had. */
final class StockContainer {
    private static final Pattern MAILET = Pattern.compile("(<mailet [^>]*class=\")([^\"]+)");
    private static final Pattern MATCHER = Pattern.compile("( match=\")([^\"=]+)(?:=[^\"]*)?(?=\")");
    private static final Pattern NAMED_MATCHER = Pattern.compile("<matcher name=\"([^\"]+)\"");
    private static final String OURS = "org.dkimproxy.";
    private static final String QUEUE = "<outgoingQueue>outgoing</outgoingQueue>";

    private StockContainer() {}

    /**
     * Names the smart host, and puts stand-ins in the place of what is missing: those of {@link Container}, and else a mailet
     * that does nothing, and a matcher that matches nobody.
     */
    static void prepare(JamesFolder folder, SmartHost smartHost) throws IOException {
        folder.replace("mailetcontainer.xml", QUEUE, QUEUE + "<gateway>127.0.0.1:" + smartHost.port() + "</gateway>");
        Container.replaceWhatIsNotToBeHad(folder);
        Path file = folder.conf("mailetcontainer.xml");
        String conf = Files.readString(file, StandardCharsets.UTF_8);
        Set<String> named = NAMED_MATCHER
                .matcher(conf)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        String withMailets = MAILET.matcher(conf)
                .replaceAll(
                        match -> replacement(match, "org.apache.james.transport.mailets.", NoMailet.class, Set.of()));
        String withBoth = MATCHER.matcher(withMailets)
                .replaceAll(
                        match -> replacement(match, "org.apache.james.transport.matchers.", NoMatcher.class, named));
        Files.writeString(file, withBoth, StandardCharsets.UTF_8);
    }

    private static String replacement(MatchResult part, String prefix, Class<?> standIn, Set<String> known) {
        String name = part.group(2);
        boolean isThere = known.contains(name) || name.startsWith(OURS) || exists(name) || exists(prefix + name);
        return Matcher.quoteReplacement(isThere ? part.group() : part.group(1) + standIn.getName());
    }

    private static boolean exists(String name) {
        return StockContainer.class.getClassLoader().getResource(name.replace('.', '/') + ".class") != null;
    }

    /** Does nothing. */
    public static final class NoMailet extends GenericMailet {
        /** Loaded by name. */
        public NoMailet() {}

        @Override
        public void service(Mail mail) {}
    }

    /** Matches nobody. */
    public static final class NoMatcher extends GenericMatcher {
        /** Loaded by name. */
        public NoMatcher() {}

        @Override
        public Collection<MailAddress> match(Mail mail) {
            return List.of();
        }
    }
}
