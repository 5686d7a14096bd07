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
import org.dkimproxy.signing.config.Option;
import org.dkimproxy.signing.config.OptionTable;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.standalone.config.UsageException;
import org.dkimproxy.standalone.daemon.Accounts;

/**
 * What dkimproxy-keygen is asked to do.
 *
 * @param domain A-labels
 * @param selector A-labels
 * @param bits length of an RSA key; empty for an Ed25519 key
 * @param directory where the files go
 * @param group the number of the group that may read the key; empty for none
 */
record KeygenSettings(String domain, String selector, Optional<Integer> bits, Path directory, OptionalInt group) {
    /** Below this an RSA key is allowed and warned about (RFC 8301 section 3.2). */
    static final int STRONG_BITS = 2048;

    private static final int FEWEST_BITS = 1024;
    private static final int MOST_BITS = 4096;
    private static final int LONGEST_NAME = 253;
    private static final String LABELS =
            "expected labels of letters, digits and hyphens with dots between, no dot at the end";

    private static final Option<Optional<SourceText>> DOMAIN =
            Option.text("domain", "NAME", "", "domain that signs, d=");
    private static final Option<Optional<SourceText>> SELECTOR = Option.text("selector", "NAME", "", "selector, s=");
    private static final Option<Optional<SourceText>> TYPE = Option.text("type", "rsa|ed25519", "rsa", "kind of key");
    private static final Option<Optional<SourceText>> BITS = Option.text(
            "bits",
            "COUNT",
            Integer.toString(STRONG_BITS),
            "length of an RSA key, " + FEWEST_BITS + " to " + MOST_BITS);
    private static final Option<Optional<Path>> OUT = Option.path("out", "DIR", "directory for the key and its record");
    private static final Option<Optional<SourceText>> GROUP =
            Option.text("group", "GROUP", "", "let this group read the key as well, such as that of the proxy");

    static final OptionTable TABLE =
            OptionTable.of(OptionTable.Group.of("Tool", DOMAIN, SELECTOR, TYPE, BITS, OUT, GROUP));

    static KeygenSettings read(OptionValues values, List<SourceText> arguments) throws UsageException {
        if (!arguments.isEmpty()) {
            throw new UsageException(
                    "unexpected argument " + Problem.quoted(arguments.getFirst().text()));
        }
        KeygenSettings settings = new KeygenSettings(
                hostName(values, DOMAIN), hostName(values, SELECTOR), bits(values), directory(values), group(values));
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

    private static String needed(OptionValues values, Option<?> option) throws UsageException {
        return values.text(option)
                .map(SourceText::text)
                .orElseThrow(() -> new UsageException("--" + option.name() + " is missing"));
    }

    private static String hostName(OptionValues values, Option<?> option) throws UsageException {
        String text = needed(values, option);
        return DomainNames.toALabels(text)
                .orElseThrow(() ->
                        new UsageException("--" + option.name() + ": found " + Problem.quoted(text) + ", " + LABELS));
    }

    private static Optional<Integer> bits(OptionValues values) throws UsageException {
        Optional<String> written = values.get(BITS).map(SourceText::text);
        String type = values.get(TYPE).map(SourceText::text).orElse("rsa");
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
        Optional<SourceText> written = values.get(GROUP);
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
        String text = needed(values, OUT);
        return values.get(OUT)
                .filter(Files::isDirectory)
                .orElseThrow(() -> new UsageException("--out: " + Problem.quoted(text) + " is no directory"));
    }
}
