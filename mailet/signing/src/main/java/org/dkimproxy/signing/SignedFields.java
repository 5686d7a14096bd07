package org.dkimproxy.signing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dkimproxy.signing.message.HeaderField;
import org.dkimproxy.signing.message.HeaderFields;

/**
 * The fields of a message that a signature covers.
 *
 * @param names the h= list: lower case, in message order, once for each instance, then the oversigned ones
 * @param withControl the name of the first of the fields that holds a VT or FF
 * @param fields what those names stand for, in the order of the names: of fields with one name the last instance comes
 *     first (RFC 6376 section 5.4.2)
 */
record SignedFields(List<String> names, List<HeaderField> fields, Optional<String> withControl) {
    /** More names than any honest message has; each costs every verifier a look-up. */
    static final int MOST_NAMES = 1000;

    static SignedFields select(HeaderFields message, Set<String> wanted, Oversigning oversigning) {
        List<String> names = new ArrayList<>();
        Map<String, Integer> unused = new HashMap<>();
        List<HeaderField> fields = new ArrayList<>();
        for (HeaderField field : message.inOrder()) {
            String name = field.name();
            if (wanted.contains(name)) {
                List<HeaderField> instances = message.named(name);
                int instance = unused.merge(name, instances.size() - 1, (left, ignored) -> left - 1);
                names.add(name);
                fields.add(instances.get(instance));
            }
        }
        for (String name : Oversigning.FIELDS) {
            if (wanted.contains(name)
                    && oversigning.namesOnceMore(name, message.named(name).size())) {
                names.add(name);
            }
        }
        return new SignedFields(names, fields, withControl(fields));
    }

    /**
     * The fields that DomainKeys covers. It digests every instance of a name from the top down (RFC 4870 section 3.4.2), so
     * names and fields are both in message order.
     */
    static SignedFields inMessageOrder(HeaderFields message, Set<String> wanted) {
        List<HeaderField> fields = message.inOrder().stream()
                .filter(field -> wanted.contains(field.name()))
                .toList();
        return new SignedFields(fields.stream().map(HeaderField::name).toList(), fields, Optional.empty());
    }

    private static Optional<String> withControl(List<HeaderField> fields) {
        return fields.stream()
                .filter(HeaderField::hasVtOrFf)
                .map(HeaderField::name)
                .findFirst();
    }
}
