package org.dkimproxy.standalone.metrics;

import java.time.Duration;

/**
 * How long the {@link HttpEndpoint} waits for a client.
 *
 * @param request until the head of the request has come
 * @param life until the connection is closed, in any state; longer than {@code request}
 * @param grace before a client may have to make room for another. It needs a round trip to send its request, and clients that
 *     reconnect at once would otherwise replace everyone before the request arrives.
 */
record HttpTimeouts(Duration request, Duration life, Duration grace) {
    static final HttpTimeouts DEFAULT =
            new HttpTimeouts(Duration.ofSeconds(3), Duration.ofSeconds(10), Duration.ofMillis(100));
}
