package org.dkimproxy.sendermap.conf;

import org.dkimproxy.sendermap.text.SourceText;

/**
 * One option with its value, from a conf file or from a command line.
 *
 * @param name the option's name, lower case, with underscores: {@code reject_error} for {@code --Reject-Error}
 * @param written the name as it was written
 * @param value the value, decoded and trimmed; {@code 1} for a flag without one
 */
public record ConfOption(String name, SourceText written, SourceText value) {}
