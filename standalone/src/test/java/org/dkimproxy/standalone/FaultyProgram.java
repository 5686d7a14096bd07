package org.dkimproxy.standalone;

import java.util.List;
import org.dkimproxy.standalone.daemon.Signals;

/** The program with a thread in it that ends by a fault as soon as something comes on standard input. */
final class FaultyProgram {
    private FaultyProgram() {}

    public static void main(String[] args) {
        Thread.ofPlatform().name("faulty").start(FaultyProgram::failWhenAsked);
        System.exit(new DkimproxyOut(System.out, ErrorOutput.ofThisProcess(System.err), Signals::ofThisProcess)
                .run(List.of(args)));
    }

    private static void failWhenAsked() {
        try {
            System.in.read();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        throw new IllegalStateException("broken");
    }
}
