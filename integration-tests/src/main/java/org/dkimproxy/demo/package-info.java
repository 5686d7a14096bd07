/** The program behind {@code ./demo}. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.demo;
