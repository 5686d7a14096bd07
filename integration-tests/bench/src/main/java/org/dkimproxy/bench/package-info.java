/** Benchmarks: each prints one line a figure, with its bar, and ends with exit code 1 when a bar is missed. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.bench;
