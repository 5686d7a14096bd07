package org.dkimproxy.standalone.net;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/** The network interfaces of this machine. */
public final class LocalInterfaces {
    private LocalInterfaces() {}

    /** Whether an interface has this address; false if the system does not say. */
    public static boolean have(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException unknown) {
            return false;
        }
    }
}
