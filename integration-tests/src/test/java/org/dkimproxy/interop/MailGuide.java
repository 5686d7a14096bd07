package org.dkimproxy.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A guide to one mail server, and its code blocks as an administrator copies them.
 *
 * @param text Markdown
 */
record MailGuide(String text) {
    private static final Path FOLDER = Path.of("../docs/mta");
    private static final Pattern FILE_NAME = Pattern.compile("# (/\\S+)\n");

    /** Reads a guide by its file name. */
    static MailGuide read(String name) throws IOException {
        return new MailGuide(Files.readString(FOLDER.resolve(name), StandardCharsets.UTF_8));
    }

    /** The one block in a language below a heading. */
    String block(String heading, String language) {
        List<String> blocks = codeBlocks(section(heading), language);
        if (blocks.size() != 1) {
            throw new AssertionError(blocks.size() + " blocks of " + language + " below " + heading);
        }
        return blocks.getFirst();
    }

    /** The blocks in a language that begin with a comment that names a file, by that name, in order. */
    Map<String, String> files(String language) {
        Map<String, String> files = new LinkedHashMap<>();
        for (String block : codeBlocks(text, language)) {
            Matcher name = FILE_NAME.matcher(block);
            if (!name.lookingAt() || files.put(name.group(1), block) != null) {
                throw new AssertionError("no file name, or a name used twice:\n" + block);
            }
        }
        return files;
    }

    private String section(String heading) {
        Matcher section = Pattern.compile("(?ms)^## " + Pattern.quote(heading) + "\n(.*?)(?=^## |\\z)")
                .matcher(text);
        if (!section.find()) {
            throw new AssertionError("no heading " + heading);
        }
        return section.group(1);
    }

    /** The code blocks in a language, in order, as they stand. */
    static List<String> codeBlocks(String markdown, String language) {
        return Pattern.compile("(?s)```" + language + "\n(.*?)```")
                .matcher(markdown)
                .results()
                .map(block -> block.group(1))
                .toList();
    }
}
