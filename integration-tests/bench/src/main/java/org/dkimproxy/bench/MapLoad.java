package org.dkimproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.dkimproxy.sendermap.map.SenderMap;
import org.dkimproxy.signing.DkimSigner;

/** The process that loads one map and prints what it took. */
public final class MapLoad {
    private static final int SENDERS = 200_000;
    private static final int PASSES = 15;

    private MapLoad() {}

    /** The local part of the sender of an entry. */
    static String localPart(int entry) {
        return "user" + entry;
    }

    /** The domain of the sender of an entry. */
    static String domain(int entry) {
        return "customer" + entry % 1000 + ".example.org";
    }

    /**
     * Loads.
     *
     * @param args the map, and how many entries there are to look up; 0 for none
     */
    public static void main(String[] args) throws IOException {
        Path map = Path.of(args[0]);
        long begin = System.nanoTime();
        DkimSigner signer = Signers.ofMap(map);
        double seconds = (System.nanoTime() - begin) / 1e9;
        long pid = ProcessHandle.current().pid();
        System.out.println("seconds=" + seconds);
        System.out.println("resident=" + ProcessMemory.resident(pid));
        System.out.println("peak=" + ProcessMemory.peak(pid));
        int entries = Integer.parseInt(args[1]);
        if (signer.signatures().findAny().isEmpty()) {
            throw new IllegalStateException("nothing is signed by " + map);
        }
        System.out.println("lookup=" + (entries == 0 ? 0 : lookup(map, entries)));
    }

    /** Seconds for one lookup of a sender that is in the map, the median of several passes. */
    private static double lookup(Path file, int entries) throws IOException {
        SenderMap map =
                SenderMap.parse(file.toString(), Files.readAllBytes(file)).value();
        Random random = new Random(1);
        String[] localParts = new String[SENDERS];
        String[] domains = new String[SENDERS];
        for (int i = 0; i < SENDERS; i++) {
            int entry = random.nextInt(entries);
            localParts[i] = localPart(entry);
            domains[i] = domain(entry);
        }
        double[] seconds = new double[PASSES];
        for (int pass = 0; pass < PASSES; pass++) {
            long begin = System.nanoTime();
            for (int i = 0; i < SENDERS; i++) {
                if (map.lookup(localParts[i], domains[i]).isEmpty()) {
                    throw new IllegalStateException("a sender is not found");
                }
            }
            seconds[pass] = (System.nanoTime() - begin) / 1e9 / SENDERS;
        }
        return Figures.median(seconds);
    }
}
