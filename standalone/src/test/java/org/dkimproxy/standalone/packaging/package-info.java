/** Steps of the build that {@code src/main/packaging/build.sh} runs, after the installable tree was laid out. */
package org.dkimproxy.standalone.packaging;
