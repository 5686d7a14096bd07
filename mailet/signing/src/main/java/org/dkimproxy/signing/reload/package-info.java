/** Tells by their stamps when the files of a configuration have changed, and has it read again. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.signing.reload;
