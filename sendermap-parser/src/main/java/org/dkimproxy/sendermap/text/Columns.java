package org.dkimproxy.sendermap.text;

import java.util.Optional;

/**
 * Cuts a fragment into parts that know their columns.
 *
 * <p>Where the fragment stands in its line as it is, offsets in both are the same. Where it was decoded, the escapes are counted again. This is found
 * out once, so that cutting many parts from a long fragment takes linear time.
 */
public final class Columns {
    private final SourceText whole;
    private final Optional<ConfEscapes.Decoded> decoded;

    private Columns(SourceText whole, Optional<ConfEscapes.Decoded> decoded) {
        this.whole = whole;
        this.decoded = decoded;
    }

    public static Columns of(SourceText whole) {
        String line = whole.lineText();
        int begin = whole.position().column() - 1;
        if (begin > line.length() || line.startsWith(whole.text(), begin)) {
            return new Columns(whole, Optional.empty());
        }
        ConfEscapes.Decoded decoded = ConfEscapes.decode(line, begin, line.length());
        return new Columns(whole, Optional.of(decoded).filter(any -> any.text().startsWith(whole.text())));
    }

    public SourceText part(int begin, int end) {
        Position position = whole.position();
        int offset = decoded.map(raw -> raw.offset(begin)).orElse(begin);
        return new SourceText(
                new Position(position.file(), position.line(), position.column() + offset),
                whole.text().substring(begin, end),
                whole.lineText());
    }
}
