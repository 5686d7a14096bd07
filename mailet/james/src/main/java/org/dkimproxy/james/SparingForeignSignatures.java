package org.dkimproxy.james;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dkimproxy.sendermap.dkim.DomainNames;
import org.dkimproxy.signing.OwnDomains;
import org.dkimproxy.signing.message.HeaderField;

/**
 * Converts every message but those with a DKIM signature of another domain, which a changed body would break (RFC 6376
 * section 5.3). Whether that signature holds is not looked at, only whether a verifier would try.
 *
 * @param own the domains whose signatures may break, since a new one is made
 */
record SparingForeignSignatures(OwnDomains own) implements SevenBitRule {
    /** RFC 6376 section 3.5: a verifier ignores a signature that lacks one of them. */
    private static final Set<String> REQUIRED_TAGS = Set.of("v", "a", "b", "bh", "d", "h", "s");

    @Override
    public boolean converts(List<HeaderField> signatures) {
        return signatures.stream().noneMatch(this::isForeign);
    }

    @Override
    public String word() {
        return "SPARING";
    }

    private boolean isForeign(HeaderField signature) {
        return signingDomain(signature).filter(domain -> !isOwn(domain)).isPresent();
    }

    private boolean isOwn(String domain) {
        try {
            return own.cover(domain);
        } catch (IOException notKnown) {
            // then it may be another's, and what breaks it cannot be undone
            return false;
        }
    }

    /** The d= of a signature with all tags that it needs, in A-labels. */
    private static Optional<String> signingDomain(HeaderField signature) {
        String value = new String(
                signature.block(),
                signature.valueBegin(),
                signature.end() - signature.valueBegin(),
                StandardCharsets.UTF_8);
        Map<String, String> tags = new HashMap<>();
        Arrays.stream(value.split(";", -1))
                .map(tag -> tag.split("=", 2))
                .filter(tag -> tag.length == 2 && !tag[1].isBlank())
                .forEach(tag -> tags.put(tag[0].strip(), tag[1].strip()));
        return tags.keySet().containsAll(REQUIRED_TAGS)
                ? DomainNames.toALabels(tags.getOrDefault("d", ""))
                : Optional.empty();
    }
}
