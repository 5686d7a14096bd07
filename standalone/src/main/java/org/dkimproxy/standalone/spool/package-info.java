/** Where a message waits until its signature is known. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.standalone.spool;
