/** What the ledger proves of the proxy, and that it would tell if it were not so. */
package org.dkimproxy.ledger;
