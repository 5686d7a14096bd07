package org.dkimproxy.standalone;
