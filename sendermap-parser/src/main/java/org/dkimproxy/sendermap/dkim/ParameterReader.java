package org.dkimproxy.sendermap.dkim;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.dkimproxy.sendermap.text.Ascii;
import org.dkimproxy.sendermap.text.Columns;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Problems;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.sendermap.text.SourceText;

/** Reads the parameters between the parentheses of one specification. */
public final class ParameterReader {
    private static final String FORM = "a name, \"=\" and a value";

    private final String text;
    private final Columns columns;
    private final SignatureType type;
    private final Optional<SpecificationBuilder> builder;
    private final Problems problems;
    private final Map<Parameter, SourceText> names = new EnumMap<>(Parameter.class);

    /** Values go to the builder; without one, when the type is unknown, only names are checked. */
    ParameterReader(
            String text,
            Columns columns,
            SignatureType type,
            Optional<SpecificationBuilder> builder,
            Problems problems) {
        this.text = text;
        this.columns = columns;
        this.type = type;
        this.builder = builder;
        this.problems = problems;
    }

    /** Reads one parameter, which may have blanks around it. */
    void read(int from, int to) {
        int begin = Ascii.trimmedBegin(text, from, to);
        int end = Ascii.trimmedEnd(text, begin, to);
        int equals = text.indexOf('=', begin, end);
        int endOfName = Ascii.trimmedEnd(text, begin, equals < 0 ? end : equals);
        if (begin == end) {
            error(begin, "no parameter", FORM);
        } else if (equals < 0) {
            error(begin, "parameter " + Problem.quoted(text.substring(begin, end)) + " without \"=\"", FORM);
        } else if (begin == endOfName) {
            error(begin, "\"=\" without a name", FORM);
        } else {
            readNamed(begin, endOfName, Ascii.trimmedBegin(text, equals + 1, end), end);
        }
    }

    private void readNamed(int begin, int endOfName, int beginOfValue, int end) {
        String name = text.substring(begin, endOfName);
        Optional<Parameter> named = Parameter.named(name);
        if (named.isEmpty()) {
            problems.error(
                    () -> columns.part(begin, endOfName),
                    () -> "parameter " + Problem.quoted(name),
                    () -> Parameter.nearest(name));
            return;
        }
        Parameter parameter = named.get();
        Optional<SourceText> first = Optional.ofNullable(names.get(parameter));
        if (first.isPresent()) {
            problems.add(Severity.ERROR, () -> repeated(columns.part(begin, endOfName), first.get()));
            return;
        }
        SourceText written = columns.part(begin, endOfName);
        names.put(parameter, written);
        if (beginOfValue == end) {
            error(begin, "parameter " + Problem.quoted(name) + " without a value", parameter.form(type));
        } else {
            builder.ifPresent(known -> known.set(parameter, written, columns.part(beginOfValue, end)));
        }
    }

    private static Problem repeated(SourceText name, SourceText first) {
        boolean alias = !Ascii.lower(name.text()).equals(Ascii.lower(first.text()));
        String meaning = alias ? ", which means the same as " + Problem.quoted(first.text()) : "";
        return name.error("parameter " + Problem.quoted(name.text()) + " again" + meaning, "it once")
                .firstSeenAt(first.position());
    }

    private void error(int at, String found, String expected) {
        problems.error(() -> columns.part(at, at), () -> found, () -> expected);
    }
}
