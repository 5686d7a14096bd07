/**
 * The options of dkimproxy.out as typed settings. Each option is declared next to the code that reads it; {@link
 * org.dkimproxy.standalone.config.ProxyOptions} lists them.
 */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.standalone.config;
