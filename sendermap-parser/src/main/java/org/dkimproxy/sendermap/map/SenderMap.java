package org.dkimproxy.sendermap.map;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.dkim.SignatureSpecifications;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Severity;

/**
 * A sender map: which signatures a message gets, by the address of its sender. Immutable.
 *
 * <pre>
 * map     = *( line ( LF / CRLF ) )
 * line    = [ entry ] / comment
 * comment = ( "#" / ";" ) *( any character )      ; in the first column
 * entry   = key 1*( white space ) specifications  ; the key begins in the first column
 * key     = address / domain / "."                ; "." is for all senders
 * </pre>
 *
 * <p>For {@code specifications} see {@link SignatureSpecifications}. A key with nothing but white space after it means: no signature. Keys have any
 * case and may hold U-labels. Of several lines with the same key the last one counts.
 *
 * <p>An example:
 *
 * <pre>
 * # newsletters are signed by the company that sends them
 * news@example.org  dkim(d=mailer.example,s=m1,key=/etc/dkim/m1.pem)
 * example.org       dkim(s=mail,key=/etc/dkim/example.pem), domainkeys
 * </pre>
 */
public final class SenderMap extends RuleMap {
    private SenderMap(SpecificationTable table) {
        super(table);
    }

    /**
     * Reads a map. A fault in a right-hand side is an {@link Severity#ERROR}; a line that has no effect, a key that can never match and a key that
     * comes again are {@link Severity#WARNING}s.
     *
     * @param file the file's name, for problems
     * @param content the file's bytes: UTF-8; a line that is not is read as ISO-8859-1
     */
    public static Parsed<SenderMap> parse(String file, byte[] content) {
        return parse(List.of(MapPart.of(file, content)));
    }

    /**
     * Reads a map from its files, line by line, so that it needs no more memory than the map itself. Of several lines with the same
     * key the last one counts, whichever file it is in.
     *
     * @throws UncheckedIOException if a file cannot be read
     */
    public static Parsed<SenderMap> parse(List<MapPart> parts) {
        Parsed<SpecificationTable> table = MapFile.read(parts, false);
        return new Parsed<>(new SenderMap(table.value()), table.problems());
    }

    /**
     * The entry for a sender. Tried are the whole address; the address without its {@code +extension}; the domain; each domain above it; {@code .}.
     *
     * @param localPart any text, as it stands in the address, a quoted one with its quotes
     * @param domain in A-labels, lower case or not
     */
    public Optional<MapMatch> lookup(String localPart, String domain) {
        byte[] name = MapKey.domainForm(domain);
        Optional<MapMatch> match = lookupAddress(localPart, name);
        if (match.isEmpty()) {
            match = LocalPart.withoutExtension(localPart).flatMap(base -> lookupAddress(base, name));
        }
        return match.isPresent() ? match : table.findDomainOrParent(name, 0);
    }

    /** The entry of the key {@code .}, for messages whose sender is not known. */
    public Optional<MapMatch> catchAll() {
        return table.catchAll();
    }

    private Optional<MapMatch> lookupAddress(String localPart, byte[] domain) {
        if (localPart.isEmpty() || domain.length == 0) {
            return Optional.empty();
        }
        byte[] address = MapKey.addressForm(localPart, domain);
        return table.findWhole(address, address.length - domain.length);
    }

    @Override
    int indexOfDomain(byte[] key) {
        return SpecificationTable.afterAt(key);
    }
}
