/** Pieces for the demo and for tests: a byte-exact SMTP server and client on loopback, and a foreign judge of signatures. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.testkit;
