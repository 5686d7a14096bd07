/** The state of files on disk, told apart without reading them. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.standalone.files;
