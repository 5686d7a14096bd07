/** A client and a relay that note all they do, faults to put between them, and what must hold of the proxy all the same. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.ledger;
