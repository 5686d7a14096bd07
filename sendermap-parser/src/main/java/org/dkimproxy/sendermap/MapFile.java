package org.dkimproxy.sendermap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads the lines of a map, by the grammar of {@link SenderMap}.
 *
 * <p>It works on bytes and makes text only of what is new: a right-hand side is read once for all its keys. Its warnings are told once, too; its errors
 * at each line, since each has to be mended.
 */
final class MapFile {
    private final String file;
    private final byte[] content;
    private final boolean listIds;
    private final Problems problems = new Problems();

    private final ByteStrings keys = new ByteStrings();
    private int[] valueOfKey = new int[16];
    private int[] firstLineOfKey = new int[16];
    private int[] lineOfKey = new int[16];

    private final ByteStrings writtenValues = new ByteStrings();
    private final List<List<SignatureSpecification>> values = new ArrayList<>();
    private int[] errorsOfValue = new int[16];

    private final byte[] plainKey = new byte[MapKey.LONGEST];

    private MapFile(String file, byte[] content, boolean listIds) {
        this.file = file;
        this.content = content;
        this.listIds = listIds;
    }

    static Checked<SpecificationTable> read(String file, byte[] content, boolean listIds) {
        MapFile reader = new MapFile(file, content, listIds);
        return new Checked<>(reader.read(), reader.problems.toList());
    }

    private SpecificationTable read() {
        Lines lines = new Lines(content);
        while (lines.next()) {
            if (lines.isAscii()) {
                readLine(new MapLine(file, lines.number(), content, lines.begin(), lines.end()));
            } else {
                byte[] line = lines.text().getBytes(UTF_8);
                readLine(new MapLine(file, lines.number(), line, 0, line.length));
            }
        }
        keys.trim();
        return new SpecificationTable(
                file, keys, Arrays.copyOf(lineOfKey, keys.size()), Arrays.copyOf(valueOfKey, keys.size()), values);
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
        if (key >= 0) {
            valueOfKey[key] = value;
            lineOfKey[key] = line.number();
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

    private static Problem withoutSigningDomain(SourceFragment key) {
        return key.error(
                "key " + Problem.quoted(key.text()) + " whose domain is no host name",
                "d=DOMAIN in each signature of it");
    }

    private Problem withoutValue(MapLine line) {
        SourceFragment key = line.part(line.begin(), line.end());
        return key.warning(
                "key " + Problem.quoted(key.text()) + " without signatures",
                "signatures after it, or a blank at the end of the line for no signature (this line has no effect)");
    }

    /** The number of the line's key; -1 if the key can never match. */
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
            return -1;
        }
        byte[] form = MapKey.form(key);
        return addKey(line, endOfKey, form, form.length);
    }

    private int addKey(MapLine line, int endOfKey, byte[] form, int length) {
        int before = keys.size();
        int key = keys.add(form, 0, length);
        if (key < before) {
            problems.add(Severity.WARNING, () -> repeated(line.part(line.begin(), endOfKey), firstLineOfKey[key]));
            return key;
        }
        if (key == valueOfKey.length) {
            valueOfKey = Arrays.copyOf(valueOfKey, key + (key >> 1));
            firstLineOfKey = Arrays.copyOf(firstLineOfKey, key + (key >> 1));
            lineOfKey = Arrays.copyOf(lineOfKey, key + (key >> 1));
        }
        firstLineOfKey[key] = line.number();
        return key;
    }

    private Problem repeated(SourceFragment key, int firstLine) {
        return key.warning(
                        "key " + Problem.quoted(key.text()) + " again",
                        "each key once, since only its last line counts")
                .firstSeenAt(new Place(file, firstLine, 1));
    }

    /** The number of the line's right-hand side. */
    private int readValue(MapLine line, int begin, int end) {
        int before = writtenValues.size();
        int value = writtenValues.add(line.bytes(), begin, end);
        if (value < before) {
            repeatErrors(line, begin, end, errorsOfValue[value]);
            return value;
        }
        long errorsBefore = problems.errorCount();
        values.add(new SpecificationParser(line.part(begin, end), problems).parse());
        if (value == errorsOfValue.length) {
            errorsOfValue = Arrays.copyOf(errorsOfValue, value + (value >> 1));
        }
        errorsOfValue[value] = (int) (problems.errorCount() - errorsBefore);
        return value;
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
