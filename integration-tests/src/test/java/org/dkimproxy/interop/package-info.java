/** Our signatures against the world: foreign verifiers judge them, Mail::DKIM shows what the old proxy wrote. */
package org.dkimproxy.interop;
