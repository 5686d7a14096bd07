/**
 * Counts what happens and serves the counts. Others know {@link org.dkimproxy.standalone.metrics.Metrics}, which they tell;
 * nothing else of this package, and nothing of the Prometheus library, is loaded unless metrics are asked for.
 */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.standalone.metrics;
