package org.dkimproxy.standalone.proxy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All open connections of a listener, so that their time limits can be kept, and all closed at the end. Thread-safe. */
final class Connections {
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();

    void add(Connection connection) {
        open.add(connection);
    }

    void remove(Connection connection) {
        open.remove(connection);
    }

    void keepTimeLimits() {
        open.forEach(Connection::keepTimeLimits);
    }

    void closeAll() {
        open.forEach(Connection::close);
    }
}
