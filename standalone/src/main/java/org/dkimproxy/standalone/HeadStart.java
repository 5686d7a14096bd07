package org.dkimproxy.standalone;

import org.dkimproxy.signing.key.KeyReader;

/**
 * Has another thread begin what takes the virtual machine long when it is done for the first time, while the options are
 * read: to find all that reads keys. Whoever comes to need it sooner waits for it.
 */
final class HeadStart {
    private HeadStart() {}

    static void begin() {
        Thread.ofPlatform().daemon().name("head-start").start(KeyReader::prepare);
    }
}
