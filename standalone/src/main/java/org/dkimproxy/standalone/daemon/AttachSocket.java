package org.dkimproxy.standalone.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The socket by which jcmd and jstack reach this virtual machine, and which the machine removes at its end. */
final class AttachSocket {
    private AttachSocket() {}

    /** Gives it to a user, who otherwise could neither use nor remove it. */
    static void giveTo(Account account) {
        Path socket = Path.of("/tmp", ".java_pid" + ProcessHandle.current().pid());
        try {
            if (Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
                Files.setAttribute(socket, "unix:uid", account.uid(), LinkOption.NOFOLLOW_LINKS);
            }
        } catch (IOException | UnsupportedOperationException e) {
            // it stays root's, whose tools reach the machine as before; what is left of it at the end does no harm
        }
    }
}
