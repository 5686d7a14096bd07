/** Command lines, usages, and what all programs have in common. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.standalone.cli;
