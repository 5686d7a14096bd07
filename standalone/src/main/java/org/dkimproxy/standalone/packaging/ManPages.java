package org.dkimproxy.standalone.packaging;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dkimproxy.standalone.DkimproxyOut;
import org.dkimproxy.standalone.cli.Program;
import org.dkimproxy.standalone.tool.DkimproxyCheck;
import org.dkimproxy.standalone.tool.DkimproxyKeygen;
import org.dkimproxy.standalone.tool.DkimproxySignfile;

/** Writes the manual pages of all programs. */
final class ManPages {
    /** The programs, by the section of the manual that they belong to. */
    static final Map<String, Program> PROGRAMS = Map.of(
            "man8/dkimproxy.out.8", DkimproxyOut.PROGRAM,
            "man1/dkimproxy-signfile.1", DkimproxySignfile.PROGRAM,
            "man1/dkimproxy-check.1", DkimproxyCheck.PROGRAM,
            "man1/dkimproxy-keygen.1", DkimproxyKeygen.PROGRAM);

    private ManPages() {}

    /** The arguments are the directory of the templates, the one to write below, the version, and the time of the build. */
    public static void main(String[] arguments) throws IOException {
        write(
                Path.of(arguments[0]),
                Path.of(arguments[1]),
                arguments[2],
                arguments[3].substring(0, "YYYY-MM-DD".length()));
    }

    static void write(Path templates, Path directory, String version, String date) throws IOException {
        for (Map.Entry<String, Program> program : PROGRAMS.entrySet()) {
            String name = program.getKey();
            String template =
                    Files.readString(templates.resolve(Path.of(name).getFileName()), StandardCharsets.US_ASCII);
            Path page = directory.resolve(name);
            Files.createDirectories(page.getParent());
            Files.writeString(
                    page, new ManPage(program.getValue()).of(template, version, date), StandardCharsets.US_ASCII);
        }
    }
}
