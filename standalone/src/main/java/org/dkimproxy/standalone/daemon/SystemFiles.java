package org.dkimproxy.standalone.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URL;
import java.security.SecureRandom;
import java.security.Security;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collections;
import java.util.Objects;
import java.util.UUID;
import org.dkimproxy.standalone.log.DkimproxyLog;

/**
 * Has the virtual machine open or remember, while they can be reached, those files that it would otherwise open when they
 * are first needed: another user may not read them, and in another root directory there are none.
 */
public final class SystemFiles {
    private static final String FOREVER = Integer.toString(Integer.MAX_VALUE);

    private SystemFiles() {}

    /**
     * From now on the addresses of a name stay in use when it cannot be looked up again. The virtual machine asks for this
     * once, when it first deals with an address.
     */
    public static void keepAddresses() {
        Security.setProperty("networkaddress.cache.stale.ttl", FOREVER);
    }

    /** Opens the program itself, the source of random numbers and the rules of the time zone. */
    public static void open() {
        openClassPath();
        openRandomSource();
        var _ = ZoneId.systemDefault().getRules().getOffset(Instant.now());
    }

    /**
     * Looks up the addresses of a name that is needed later.
     *
     * @param host a name or an address
     */
    public static void lookUp(String host, DkimproxyLog log) {
        try {
            InetAddress.getAllByName(host);
        } catch (IOException e) {
            log.warning("relay " + host
                    + " is not known now; in the root directory of chroot it is looked up by what is" + " in there");
        }
    }

    /**
     * A search for all has every jar opened for its classes; one stream has a jar opened for its other entries too. Both
     * stay open.
     */
    private static void openClassPath() {
        try {
            for (URL manifest : Collections.list(ClassLoader.getSystemResources("META-INF/MANIFEST.MF"))) {
                manifest.openStream().close();
            }
            try (InputStream image = Object.class.getResourceAsStream("Object.class")) {
                Objects.requireNonNull(image).readNBytes(1);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void openRandomSource() {
        var _ = new SecureRandom().nextInt();
        var _ = UUID.randomUUID();
    }
}
