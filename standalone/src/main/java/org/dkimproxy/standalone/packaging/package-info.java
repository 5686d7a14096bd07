/** What the build runs, and the jar does not have: man pages, completions, jars for the AOT cache, and the run that fills it. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.standalone.packaging;
