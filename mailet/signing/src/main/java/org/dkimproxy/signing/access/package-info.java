/** Finds out who else can change the files of a configuration. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.signing.access;
