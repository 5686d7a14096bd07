package org.dkimproxy.standalone.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;

/** The network interfaces of this machine. */
final class LocalInterfaces {
    private LocalInterfaces() {}

    /** Whether an interface has this address; false if the system does not say. */
    static boolean have(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (IOException unknown) {
            return false;
        }
    }
}
