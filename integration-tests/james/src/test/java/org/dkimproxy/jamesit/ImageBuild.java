package org.dkimproxy.jamesit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.dkimproxy.interop.Programs;

/**
 * Builds an image of James by a Dockerfile, as far as files in {@code /root} and {@code /tmp} are concerned: FROM, RUN and COPY,
 * also from an earlier stage.
 */
final class ImageBuild {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern ABSOLUTE = Pattern.compile("(?<![^ =])/(?=root/|tmp/)");
    private static final String FROM_STAGE = "--from=";

    private final ConfOfJames base;
    private final Path context;
    private final Path folder;
    private final Map<String, Path> named = new HashMap<>();
    private final List<Path> stages = new ArrayList<>();

    private ImageBuild(ConfOfJames base, Path context, Path folder) {
        this.base = base;
        this.context = context;
        this.folder = folder;
    }

    /**
     * Returns the root directory of the image.
     *
     * @param dockerfile the text
     * @param base what the image that it begins with has
     * @param context the folder that files are copied from
     * @param folder where the image is put
     */
    static Path run(String dockerfile, ConfOfJames base, Path context, Path folder) throws Exception {
        ImageBuild build = new ImageBuild(base, context, folder);
        for (String line : dockerfile.replace("\\\n", " ").lines().toList()) {
            build.instruction(line);
        }
        return build.stages.getLast();
    }

    private void instruction(String line) throws Exception {
        List<String> words = List.of(line.strip().split("\\s+", -1));
        switch (words.getFirst()) {
            case "", "#" -> {}
            case "FROM" -> begin(words);
            case "RUN" -> execute(line.substring("RUN".length()));
            case "COPY" -> copy(words.subList(1, words.size()));
            default -> throw new AssertionError("not understood: " + line);
        }
    }

    private void begin(List<String> words) throws IOException {
        assertThat(words.get(1)).startsWith("apache/james:");
        Path stage = folder.resolve("stage-" + stages.size());
        base.copyImage(stage.resolve("root/conf"));
        Files.createDirectories(stage.resolve("root/extensions-jars"));
        Files.createDirectories(stage.resolve("tmp"));
        stages.add(stage);
        if (words.size() == 4) {
            named.put(words.get(3), stage);
        }
    }

    private void execute(String command) throws Exception {
        String inStage = ABSOLUTE.matcher(command).replaceAll(Matcher.quoteReplacement(stages.getLast() + "/"));
        Programs.Result result = Programs.run(LIMIT, List.of("sh", "-ec", inStage));
        assertThat(result.exit()).as(result.errors()).isZero();
    }

    private void copy(List<String> words) throws IOException {
        boolean fromStage = words.getFirst().startsWith(FROM_STAGE);
        Path source = fromStage ? named.get(words.getFirst().substring(FROM_STAGE.length())) : context;
        assertThat(words.getLast()).startsWith("/").endsWith("/");
        Path target =
                Files.createDirectories(stages.getLast().resolve(words.getLast().substring(1)));
        for (String pattern : words.subList(fromStage ? 1 : 0, words.size() - 1)) {
            Path sought = source.resolve(pattern.replaceFirst("^/", ""));
            try (DirectoryStream<Path> files = Files.newDirectoryStream(
                    sought.getParent(), sought.getFileName().toString())) {
                List<Path> found =
                        StreamSupport.stream(files.spliterator(), false).toList();
                assertThat(found).as(pattern).isNotEmpty();
                for (Path file : found) {
                    Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
