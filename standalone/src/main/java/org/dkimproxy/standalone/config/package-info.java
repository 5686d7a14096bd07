/**
 * What the administrator asked for: command line, conf file, which of them wins, and the usage text.
 *
 * <p>{@link org.dkimproxy.standalone.config.KnownOptions} is the one table of all options;
 * {@link org.dkimproxy.standalone.config.Configuration} is the merged result.
 */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.standalone.config;
