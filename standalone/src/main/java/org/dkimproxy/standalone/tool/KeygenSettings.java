package org.dkimproxy.standalone.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.dkimproxy.sendermap.dkim.DomainNames;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.standalone.config.OptionValues;
import org.dkimproxy.standalone.config.UsageException;
import org.dkimproxy.standalone.daemon.Accounts;

/**
 * What dkimproxy-keygen is asked to do.
 *
 * @param domain A-labels
 * @param selector A-labels
 * @param bits length of an RSA key; empty for an Ed25519 key
 * @param directory where the files go
 * @param group who else may read the key, a number; nobody if empty
 */
record KeygenSettings(String domain, String selector, Optional<Integer> bits, Path directory, OptionalInt group) {
    /** Below this an RSA key is allowed and warned about (RFC 8301 section 3.2). */
    static final int STRONG_BITS = 2048;

    private static final int FEWEST_BITS = 1024;
    private static final int MOST_BITS = 4096;
    private static final int LONGEST_NAME = 253;
    private static final String LABELS =
            "expected labels of letters, digits and hyphens with dots between, no dot at the end";

    static KeygenSettings read(OptionValues values, List<SourceText> arguments) throws UsageException {
        if (!arguments.isEmpty()) {
            throw new UsageException(
                    "unexpected argument " + Problem.quoted(arguments.getFirst().text()));
        }
        KeygenSettings settings = new KeygenSettings(
                hostName(values, "domain"),
                hostName(values, "selector"),
                bits(values),
                directory(values),
                group(values));
        if (settings.recordName().length() > LONGEST_NAME) {
            throw new UsageException("the name of the record, " + Problem.quoted(settings.recordName()) + ", has "
                    + settings.recordName().length() + " characters; the DNS allows " + LONGEST_NAME);
        }
        return settings;
    }

    /** Where the record stands in the DNS (RFC 6376 section 3.6.2.1), without a dot at its end. */
    String recordName() {
        return selector + "._domainkey." + domain;
    }

    private static String needed(OptionValues values, String name) throws UsageException {
        return values.text(name)
                .map(SourceText::text)
                .orElseThrow(() -> new UsageException("--" + name + " is missing"));
    }

    private static String hostName(OptionValues values, String name) throws UsageException {
        String text = needed(values, name);
        return DomainNames.toALabels(text)
                .orElseThrow(() -> new UsageException("--" + name + ": found " + Problem.quoted(text) + ", " + LABELS));
    }

    private static Optional<Integer> bits(OptionValues values) throws UsageException {
        Optional<String> written = values.text("bits").map(SourceText::text);
        String type = values.text("type").map(SourceText::text).orElse("rsa");
        return switch (type) {
            case "rsa" -> Optional.of(rsaBits(written.orElse(Integer.toString(STRONG_BITS))));
            case "ed25519" -> {
                if (written.isPresent()) {
                    throw new UsageException("--bits is for RSA keys; all Ed25519 keys have 256 bits");
                }
                yield Optional.empty();
            }
            default -> throw new UsageException("--type: found " + Problem.quoted(type) + ", expected rsa or ed25519");
        };
    }

    private static int rsaBits(String text) throws UsageException {
        int bits = text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
        if (bits < FEWEST_BITS || bits > MOST_BITS) {
            throw new UsageException("--bits: found " + Problem.quoted(text) + ", expected a number from " + FEWEST_BITS
                    + " to " + MOST_BITS + " (RFC 8301 section 3.2)");
        }
        return bits;
    }

    private static OptionalInt group(OptionValues values) throws UsageException {
        Optional<SourceText> written = values.text("group");
        if (written.isEmpty()) {
            return OptionalInt.empty();
        }
        String name = written.get().text();
        try {
            OptionalInt group = Accounts.group(name);
            if (group.isPresent()) {
                return group;
            }
        } catch (IOException e) {
            throw new UsageException(
                    "--group: " + Problem.quoted(name) + " cannot be looked up (" + e.getMessage() + ")");
        }
        throw new UsageException("--group: found " + Problem.quoted(name) + ", expected a group of this system");
    }

    private static Path directory(OptionValues values) throws UsageException {
        String text = needed(values, "out");
        return values.path("out")
                .filter(Files::isDirectory)
                .orElseThrow(() -> new UsageException("--out: " + Problem.quoted(text) + " is no directory"));
    }
}
