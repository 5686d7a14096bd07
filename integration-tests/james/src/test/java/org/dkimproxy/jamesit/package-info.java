/** The mailet in real Jameses, its signatures judged by others. */
package org.dkimproxy.jamesit;
