/** Messages, keys and foreign verifiers, for tests of the proxy and of the mailet. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.interop;
