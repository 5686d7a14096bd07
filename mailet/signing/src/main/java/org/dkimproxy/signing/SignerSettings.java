package org.dkimproxy.signing;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.dkim.SignatureSpecification;
import org.dkimproxy.sendermap.map.ListIdMap;
import org.dkimproxy.sendermap.map.RightHandSide;
import org.dkimproxy.sendermap.map.SenderMap;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.access.TrustedUsers;
import org.dkimproxy.signing.message.Originator;
import org.dkimproxy.signing.reload.EntryCounts;

/**
 * Everything that decides which messages are signed, and how. {@link org.dkimproxy.signing.config.SigningOptions#read} makes it from options.
 *
 * @param listIdMap asked first, for messages with a List-Id
 * @param senderMap asked next, by the originator's address
 * @param domains asked last: one signs every message, several those of their own senders; A-labels
 * @param signatures what is made when {@code domains} decides; for every message when there are no maps and no domains
 * @param defaults fill the gaps of every specification
 * @param originator which fields name the originator
 * @param oversigning which fields are named once more than they occur
 * @param compatibility whose defaults apply
 * @param maxHeaderBytes a message with a larger header block is not signed, octets
 * @param files turns the names of key files into paths
 * @param trusted the users who may change files without a warning
 * @param mapEntries how many entries each map had
 * @param clock for t= and x=
 */
public record SignerSettings(
        Optional<ListIdMap> listIdMap,
        Optional<SenderMap> senderMap,
        List<SourceText> domains,
        List<SignatureSpecification> signatures,
        SignatureDefaults defaults,
        Originator.Source originator,
        Oversigning oversigning,
        Compatibility compatibility,
        int maxHeaderBytes,
        FileSource files,
        TrustedUsers trusted,
        EntryCounts mapEntries,
        InstantSource clock) {

    /** The default of {@code maxHeaderBytes}: 1 MiB. */
    public static final int DEFAULT_MAX_HEADER_BYTES = 1 << 20;

    /** Takes copies of the lists. */
    public SignerSettings {
        domains = List.copyOf(domains);
        signatures = List.copyOf(signatures);
    }

    /** Every signature that a map or the option {@code signature} asks for; may be long. */
    public Stream<SignatureSpecification> specifications() {
        return rightHandSides().flatMap(value -> value.specifications().stream());
    }

    /** The right-hand sides of the maps, and that of the option {@code signature}. */
    Stream<RightHandSide> rightHandSides() {
        return Stream.of(
                        listIdMap.stream().flatMap(ListIdMap::rightHandSides),
                        senderMap.stream().flatMap(SenderMap::rightHandSides),
                        Stream.of(new RightHandSide(signatures, 0)))
                .flatMap(parts -> parts);
    }

    /** These settings by another clock, for signatures with a known t=. */
    public SignerSettings withClock(InstantSource other) {
        return with(files, other);
    }

    /** These settings with key files found by another source. */
    public SignerSettings withFiles(FileSource other) {
        return with(other, clock);
    }

    private SignerSettings with(FileSource otherFiles, InstantSource otherClock) {
        return new SignerSettings(
                listIdMap,
                senderMap,
                domains,
                signatures,
                defaults,
                originator,
                oversigning,
                compatibility,
                maxHeaderBytes,
                otherFiles,
                trusted,
                mapEntries,
                otherClock);
    }
}
