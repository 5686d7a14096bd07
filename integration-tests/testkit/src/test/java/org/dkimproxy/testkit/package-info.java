/** Tests of the test kit itself. */
package org.dkimproxy.testkit;
