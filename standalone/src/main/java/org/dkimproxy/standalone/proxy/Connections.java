package org.dkimproxy.standalone.proxy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All open connections of a listener, so that stuck ones can be closed, and all at the end. Thread-safe. */
final class Connections {
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();

    void add(Connection connection) {
        open.add(connection);
    }

    void remove(Connection connection) {
        open.remove(connection);
    }

    void closeStuck() {
        long now = System.nanoTime();
        open.forEach(connection -> connection.closeIfStuck(now));
    }

    void closeAll() {
        open.forEach(Connection::close);
    }
}
