/** Who may connect: {@link org.dkimproxy.standalone.access.AccessPolicy} joins the four lists of an administrator. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.standalone.access;
