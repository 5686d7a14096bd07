package org.dkimproxy.signing;

import java.nio.file.Path;
import java.util.Optional;
import org.dkimproxy.sendermap.dkim.Algorithm;
import org.dkimproxy.sendermap.dkim.SignatureSpecification;
import org.dkimproxy.sendermap.text.Position;
import org.dkimproxy.signing.key.PublishedKey;

/**
 * A signature that the rules ask for, told to a person; nothing in it is secret.
 *
 * @param position where it is specified; the beginning of the line, if that was read before in another line
 * @param rule which rule asks for it, such as {@code sender_map example.org}
 * @param written the signature as the rule has it, such as {@code dkim(s=2026)}
 * @param kind {@code dkim} or {@code domainkeys}
 * @param domain d=; empty where only the message decides it
 * @param selector s=
 * @param algorithm a=
 * @param method c=
 * @param identity i=; empty without one, and where only the message decides it
 * @param keyFile the file of its private key
 * @param publishedKey the public half of that key, as the DNS should have it
 */
public record PlannedSignature(
        Position position,
        String rule,
        String written,
        String kind,
        Optional<String> domain,
        String selector,
        Algorithm algorithm,
        String method,
        Optional<String> identity,
        Path keyFile,
        Optional<PublishedKey> publishedKey) {

    static PlannedSignature of(
            SigningRule rule,
            SignatureSpecification specification,
            SignatureTemplate template,
            Optional<String> domain,
            Optional<String> identity) {
        String kind = template instanceof SignatureTemplate.Dkim ? "dkim" : "domainkeys";
        String method = switch (template) {
            case SignatureTemplate.Dkim dkim -> dkim.method().tag();
            case SignatureTemplate.DomainKeys domainKeys -> domainKeys.method().tag();
        };
        return new PlannedSignature(
                rule.position(specification),
                rule.name(),
                specification.source().text(),
                kind,
                domain,
                template.selector(),
                template.algorithm(),
                method,
                identity,
                template.keyFile().path(),
                template.keyFile().current().publishedKey());
    }
}
