/** A whole James as a process of its own, set up as an administrator would, for the demo and for tests. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.jamesit;
