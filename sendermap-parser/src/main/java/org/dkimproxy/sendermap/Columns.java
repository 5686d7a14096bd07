package org.dkimproxy.sendermap;

import java.util.Optional;

/**
 * Cuts a fragment into parts that know their columns.
 *
 * <p>Where the fragment stands in its line as it is, offsets in both are the same. Where it was decoded, the escapes are counted again. This is found
 * out once, so that cutting many parts from a long fragment takes linear time.
 */
final class Columns {
    private final SourceFragment whole;
    private final Optional<ConfEscapes.Decoded> decoded;

    private Columns(SourceFragment whole, Optional<ConfEscapes.Decoded> decoded) {
        this.whole = whole;
        this.decoded = decoded;
    }

    static Columns of(SourceFragment whole) {
        String line = whole.lineText();
        int begin = whole.place().column() - 1;
        if (begin > line.length() || line.startsWith(whole.text(), begin)) {
            return new Columns(whole, Optional.empty());
        }
        ConfEscapes.Decoded decoded = ConfEscapes.decode(line, begin, line.length());
        return new Columns(whole, Optional.of(decoded).filter(any -> any.text().startsWith(whole.text())));
    }

    SourceFragment part(int begin, int end) {
        Place place = whole.place();
        int offset = decoded.map(raw -> raw.offset(begin)).orElse(begin);
        return new SourceFragment(
                new Place(place.file(), place.line(), place.column() + offset),
                whole.text().substring(begin, end),
                whole.lineText());
    }
}
