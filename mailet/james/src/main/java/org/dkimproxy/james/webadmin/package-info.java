/** Routes of James's webadmin: {@link org.dkimproxy.james.webadmin.SigningRoutes}. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.james.webadmin;
