package org.dkimproxy.james;
