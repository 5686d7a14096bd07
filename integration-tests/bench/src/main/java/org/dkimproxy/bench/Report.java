package org.dkimproxy.bench;

import java.io.PrintStream;
import java.util.Locale;

/**
 * Prints figures as they come, one line each, and remembers whether all bars were reached. A short run only shows that a
 * benchmark works: its figures are printed and not judged.
 */
final class Report {
    private final PrintStream out;
    private final boolean judges;
    private int missed;

    Report(PrintStream out, boolean judges) {
        this.out = out;
        this.judges = judges;
    }

    /**
     * One figure.
     *
     * @param name what was measured
     * @param unit empty for a ratio
     * @param detail what the figure was made of
     */
    void line(String name, double figure, String unit, Bar bar, String detail) {
        String verdict;
        if (bar instanceof Bar.None) {
            verdict = "";
        } else if (!judges) {
            verdict = "not judged";
        } else if (bar.isReachedBy(figure)) {
            verdict = "reached";
        } else {
            verdict = "MISSED";
            missed++;
        }
        String line = String.format(
                Locale.ROOT,
                "%-44s %10s %-4s  %-20s %-10s  %s",
                name,
                Figures.text(figure),
                unit,
                bar,
                verdict,
                detail);
        out.println(line.stripTrailing());
        out.flush();
    }

    /** 0, or 1 when a bar was missed. */
    int exitCode() {
        return missed == 0 ? 0 : 1;
    }
}
