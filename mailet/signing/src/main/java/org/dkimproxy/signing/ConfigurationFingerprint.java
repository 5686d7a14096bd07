package org.dkimproxy.signing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.dkimproxy.sendermap.dkim.MacroTemplate;
import org.dkimproxy.sendermap.dkim.SignatureSpecification;
import org.dkimproxy.signing.key.Digest;
import org.dkimproxy.signing.key.KeyFile;
import org.dkimproxy.signing.key.PublishedKey;
import org.dkimproxy.signing.key.SigningKey;

/**
 * A hash over everything that decides which messages are signed, and how: rules, options and public keys. Paths, times and the
 * order of rules do not change it, and nothing secret is in it. Thread-safe.
 */
final class ConfigurationFingerprint {
    /** Stands between parts, none of which holds it. */
    private static final String SEPARATOR = "\n";

    private final SignerSettings settings;
    private final AuthorRule authors;
    private final SigningPolicy policy;
    private final Set<KeyFile> keyFiles;
    private volatile Known known = new Known(Map.of(), "");

    /** @param templates what was made of each specification of the settings, by its own instance */
    ConfigurationFingerprint(
            SignerSettings settings,
            AuthorRule authors,
            SigningPolicy policy,
            IdentityHashMap<SignatureSpecification, SignatureTemplate> templates) {
        this.settings = settings;
        this.authors = authors;
        this.policy = policy;
        this.keyFiles =
                templates.values().stream().map(SignatureTemplate::keyFile).collect(Collectors.toUnmodifiableSet());
    }

    /** A fingerprint, and the keys that it was made with. */
    private record Known(Map<KeyFile, SigningKey> keys, String value) {}

    /** The files of the keys that the rules sign with. */
    Set<KeyFile> keyFiles() {
        return keyFiles;
    }

    /** The fingerprint with the keys that the files have now, 64 hex digits. Takes time with the first call and after a new key only. */
    String current() {
        Map<KeyFile, SigningKey> keys = new HashMap<>();
        keyFiles.forEach(file -> keys.put(file, file.current()));
        Known last = known;
        if (last.value.isEmpty() || !last.keys.equals(keys)) {
            last = new Known(keys, compute(keys));
            known = last;
        }
        return last.value;
    }

    private String compute(Map<KeyFile, SigningKey> keys) {
        byte[] rules = new byte[Digest.SHA_256.begin().getDigestLength()];
        // many keys of a map share one right-hand side
        IdentityHashMap<SignatureSpecification, byte[]> specifications = new IdentityHashMap<>();
        for (Iterator<SigningRule> all = policy.rules().iterator(); all.hasNext(); ) {
            SigningRule rule = all.next();
            MessageDigest digest = digestOf(rule.name());
            rule.match()
                    .specifications()
                    .forEach(specification -> digest.update(specifications.computeIfAbsent(
                            specification,
                            one -> digestOf(text(policy.templateOf(one), keys)).digest())));
            // a sum has no order
            byte[] value = digest.digest();
            for (int i = 0; i < rules.length; i++) {
                rules[i] = (byte) (rules[i] + value[i]);
            }
        }
        MessageDigest whole = digestOf(String.join(
                SEPARATOR,
                settings.originator().name(),
                settings.oversigning().name(),
                settings.compatibility().name(),
                authors.own().isPresent() ? "own" : "all",
                Integer.toString(settings.maxHeaderBytes())));
        return HexFormat.of().formatHex(whole.digest(rules));
    }

    private static MessageDigest digestOf(String text) {
        MessageDigest digest = Digest.SHA_256.begin();
        digest.update((text + SEPARATOR).getBytes(UTF_8));
        return digest;
    }

    private static String text(SignatureTemplate template, Map<KeyFile, SigningKey> keys) {
        SigningKey key =
                keys.getOrDefault(template.keyFile(), template.keyFile().lastRead());
        String what = switch (template) {
            case SignatureTemplate.Dkim dkim ->
                String.join(
                        SEPARATOR,
                        "dkim",
                        dkim.method().tag(),
                        Boolean.toString(dkim.methodIsGiven()),
                        written(dkim.identity()),
                        Boolean.toString(dkim.timestamp()),
                        dkim.expiry().map(Duration::toString).orElse(""));
            case SignatureTemplate.DomainKeys domainKeys ->
                String.join(SEPARATOR, "domainkeys", domainKeys.method().tag());
        };
        return String.join(
                SEPARATOR,
                what,
                template.algorithm().tag(),
                template.selector(),
                written(template.domain()),
                String.join(":", new TreeSet<>(template.fields())),
                key.publishedKey().map(PublishedKey::record).orElseGet(key::description));
    }

    private static String written(Optional<MacroTemplate> template) {
        return template.map(value -> value.source().text()).orElse("");
    }
}
