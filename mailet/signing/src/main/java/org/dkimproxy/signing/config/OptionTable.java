package org.dkimproxy.signing.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The options of a program, in the order of its usage. Immutable. */
public final class OptionTable {
    private final List<Group> groups;
    private final Map<String, Option<?>> byName = new HashMap<>();

    private OptionTable(List<Group> groups) {
        this.groups = List.copyOf(groups);
        options().forEach(option -> {
            put(option.name(), option);
            option.aliases().forEach(alias -> put(alias, option));
        });
    }

    /**
     * Options under one heading.
     *
     * @param title the heading
     */
    public record Group(String title, List<Option<?>> options) {
        /** Takes a copy. */
        public Group {
            options = List.copyOf(options);
        }

        /** Options under a heading. */
        public static Group of(String title, Option<?>... options) {
            return new Group(title, List.of(options));
        }
    }

    /**
     * A table.
     *
     * @throws IllegalArgumentException if two options have a name in common
     */
    public static OptionTable of(Group... groups) {
        return new OptionTable(List.of(groups));
    }

    /** This table with a group before its own. */
    public OptionTable after(Group first) {
        List<Group> all = new ArrayList<>(groups);
        all.addFirst(first);
        return new OptionTable(all);
    }

    /** The headings with their options. */
    public List<Group> groups() {
        return groups;
    }

    /** All options. */
    public Stream<Option<?>> options() {
        return groups.stream().flatMap(group -> group.options().stream());
    }

    /** The option of this name or alias, which is lower case with underscores. */
    public Optional<Option<?>> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** All names and aliases. */
    public Set<String> names() {
        return Set.copyOf(byName.keySet());
    }

    private void put(String name, Option<?> option) {
        if (byName.put(name, option) != null) {
            throw new IllegalArgumentException("two options of the name " + name);
        }
    }
}
