/** Options as they are declared, and how a configuration is loaded from them: for the proxy, its tools and the mailet. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.signing.config;
