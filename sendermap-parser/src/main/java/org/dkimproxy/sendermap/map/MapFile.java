package org.dkimproxy.sendermap.map;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.dkim.DomainNames;
import org.dkimproxy.sendermap.dkim.SignatureSpecification;
import org.dkimproxy.sendermap.dkim.SpecificationParser;
import org.dkimproxy.sendermap.text.Lines;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Problems;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.sendermap.text.SourceText;

/**
 * Reads the lines of a map, by the grammar of {@link SenderMap}.
 *
 * <p>It works on bytes and makes text only of what is new: a right-hand side is read once for all its keys. Its warnings are reported once, too; its errors
 * at each line, since each has to be corrected.
 */
public final class MapFile {
    /** The numbers of a right-hand side: where it is in {@link #values}, and how many errors are in it. */
    private static final int INDEX = 0;

    private static final int ERRORS = 1;

    private final boolean listIds;
    private final MapLines mapLines = new MapLines();
    private final Problems problems = new Problems();
    private int offset;

    private final ByteStringTable keys = SpecificationTable.newKeys();
    private final ByteStringTable writtenValues = new ByteStringTable(2);
    private final List<List<SignatureSpecification>> values = new ArrayList<>();
    private final List<Integer> valueLines = new ArrayList<>();

    private final byte[] plainKey = new byte[MapKey.LONGEST];

    private MapFile(boolean listIds) {
        this.listIds = listIds;
    }

    /** Reads the files of a map, as if they were one. */
    static Parsed<SpecificationTable> read(List<MapPart> parts, boolean listIds) {
        MapFile reader = new MapFile(listIds);
        for (MapPart part : parts) {
            try (InputStream content = part.content().get()) {
                reader.read(part.file(), new Lines(content));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new Parsed<>(
                new SpecificationTable(reader.mapLines, reader.keys, reader.values, reader.valueLines),
                reader.problems.toList());
    }

    private void read(String file, Lines lines) {
        mapLines.add(file, offset);
        while (lines.next()) {
            if (lines.isAscii()) {
                readLine(new MapLine(file, lines.number(), lines.bytes(), lines.begin(), lines.end()));
            } else {
                byte[] line = lines.text().getBytes(UTF_8);
                readLine(new MapLine(file, lines.number(), line, 0, line.length));
            }
        }
        offset += lines.number();
    }

    private void readLine(MapLine line) {
        int beginOfText = line.trimmedBegin(line.begin());
        if (beginOfText == line.end() || line.isCommentAt(beginOfText)) {
            return;
        }
        if (beginOfText > line.begin()) {
            problems.add(
                    Severity.WARNING,
                    () -> line.part(beginOfText, line.end())
                            .warning("an indented line", "the key in the first column (this line has no effect)"));
            return;
        }
        int endOfKey = line.endOfKey();
        if (endOfKey == line.end()) {
            problems.add(Severity.WARNING, () -> withoutValue(line));
            return;
        }
        int beginOfValue = line.trimmedBegin(endOfKey);
        int key = readKey(line, endOfKey);
        int value = readValue(line, beginOfValue, Math.max(beginOfValue, line.trimmedEnd(endOfKey)));
        if (key != ByteStringTable.NONE) {
            keys.setNumber(key, SpecificationTable.VALUE, value);
            keys.setNumber(key, SpecificationTable.LINE, offset + line.number());
            checkDomain(line, endOfKey, values.get(value));
        }
    }

    /** The domain of a key is the signing domain of a signature without one; only a domain literal or a list id has one that cannot be. */
    private void checkDomain(MapLine line, int endOfKey, List<SignatureSpecification> value) {
        boolean inDoubt = listIds || line.bytes()[endOfKey - 1] == ']';
        if (!inDoubt
                || value.stream()
                        .noneMatch(specification -> specification.domain().isEmpty())) {
            return;
        }
        byte[] name = MapKey.form(line.text(line.begin(), endOfKey));
        int begin = listIds ? ListIdMap.beginOfDomain(name) : SpecificationTable.afterAt(name);
        String domain = new String(name, begin, name.length - begin, UTF_8);
        if (!domain.equals(".") && DomainNames.toALabels(domain).isEmpty()) {
            problems.add(Severity.ERROR, () -> withoutSigningDomain(line.part(line.begin(), endOfKey)));
        }
    }

    private static Problem withoutSigningDomain(SourceText key) {
        return key.error(
                "key " + Problem.quoted(key.text()) + " whose domain is no host name",
                "d=DOMAIN in each signature of it");
    }

    private Problem withoutValue(MapLine line) {
        SourceText key = line.part(line.begin(), line.end());
        return key.warning(
                "key " + Problem.quoted(key.text()) + " without signatures",
                "signatures after it, or a blank at the end of the line for no signature (this line has no effect)");
    }

    /** The line's key; {@link ByteStringTable#NONE} if it can never match. */
    private int readKey(MapLine line, int endOfKey) {
        int length = endOfKey - line.begin();
        if (length <= plainKey.length && MapKey.isPlain(line.bytes(), line.begin(), endOfKey, plainKey)) {
            return addKey(line, endOfKey, plainKey, length);
        }
        String key = line.text(line.begin(), endOfKey);
        Optional<String> fault = MapKey.fault(key, listIds);
        if (fault.isPresent()) {
            problems.add(
                    Severity.WARNING,
                    () -> line.part(line.begin(), endOfKey)
                            .warning(
                                    "key " + Problem.quoted(key) + ", which can never match (" + fault.get() + ")",
                                    listIds ? "a list id, a domain or \".\"" : "an address, a domain or \".\""));
            return ByteStringTable.NONE;
        }
        byte[] form = MapKey.form(key);
        return addKey(line, endOfKey, form, form.length);
    }

    private int addKey(MapLine line, int endOfKey, byte[] form, int length) {
        int before = keys.size();
        int key = keys.add(form, 0, length);
        if (keys.size() > before) {
            keys.setNumber(key, SpecificationTable.FIRST_LINE, offset + line.number());
        } else {
            int firstLine = keys.number(key, SpecificationTable.FIRST_LINE);
            problems.add(Severity.WARNING, () -> repeated(line.part(line.begin(), endOfKey), firstLine));
        }
        return key;
    }

    private Problem repeated(SourceText key, int firstLine) {
        return key.warning(
                        "key " + Problem.quoted(key.text()) + " again",
                        "each key once, since only its last line counts")
                .firstSeenAt(mapLines.position(firstLine));
    }

    /** Where the line's right-hand side is in {@link #values}. */
    private int readValue(MapLine line, int begin, int end) {
        int before = writtenValues.size();
        int written = writtenValues.add(line.bytes(), begin, end);
        if (writtenValues.size() == before) {
            repeatErrors(line, begin, end, writtenValues.number(written, ERRORS));
            return writtenValues.number(written, INDEX);
        }
        long errorsBefore = problems.errorCount();
        values.add(new SpecificationParser(line.part(begin, end), problems).parse());
        valueLines.add(offset + line.number());
        writtenValues.setNumber(written, INDEX, values.size() - 1);
        writtenValues.setNumber(written, ERRORS, (int) (problems.errorCount() - errorsBefore));
        return values.size() - 1;
    }

    private void repeatErrors(MapLine line, int begin, int end, int errors) {
        if (errors > 0 && problems.hasRoomForErrors()) {
            Problems again = new Problems();
            new SpecificationParser(line.part(begin, end), again).parse();
            problems.addErrors(again);
        } else {
            problems.count(Severity.ERROR, errors);
        }
    }
}
