package org.dkimproxy.interop;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.standalone.daemon.Accounts;
import org.dkimproxy.standalone.daemon.Privileges;
import org.dkimproxy.standalone.daemon.RunAs;

/** A program that gives up the rights of root, tries to take them back, and prints what the system answered. */
final class RightsProbe {
    private RightsProbe() {}

    public static void main(String[] args) throws Throwable {
        Thread waiting = Thread.ofPlatform().unstarted(() -> print("setuid in another thread", tryRoot("setuid")));
        Privileges.giveUp(new RunAs(
                Accounts.user("nobody"), List.of(Accounts.group("nogroup").orElseThrow()), Optional.empty()));
        for (String function : List.of("setuid", "setgid", "seteuid")) {
            print(function, tryRoot(function));
        }
        waiting.start();
        waiting.join();
    }

    private static void print(String what, int result) {
        System.out.println(what + " " + result);
    }

    @SuppressWarnings("restricted") // all three take a number and return one
    private static int tryRoot(String function) {
        Linker linker = Linker.nativeLinker();
        try {
            return (int) linker.downcallHandle(
                            linker.defaultLookup().findOrThrow(function),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                    .invokeExact(0);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
