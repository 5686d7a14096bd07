package org.dkimproxy.bench;

import java.util.Arrays;
import java.util.Locale;

/** Arithmetic on figures, and how they are written. */
final class Figures {
    private Figures() {}

    /** The middle one, or the mean of the two in the middle; what a noisy neighbour spoils it does not. */
    static double median(double... figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Three digits that count, and no more than a person reads. */
    static String text(double figure) {
        double size = Math.abs(figure);
        if (size >= 100 || figure == Math.rint(figure)) {
            return String.format(Locale.ROOT, "%,.0f", figure);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : "%.2f", figure);
    }
}
