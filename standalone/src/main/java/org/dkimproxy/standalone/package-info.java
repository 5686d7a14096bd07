/**
 * The standalone proxy: it listens, signs and relays, in the place of {@code dkimproxy.out}.
 *
 * <p>{@link org.dkimproxy.standalone.DkimproxyOut} starts the program. The packages, each of which uses only those after
 * it: {@code tool} the tools of an administrator, {@code server} accepts clients, {@code session} serves one of them,
 * {@code metrics} counts, {@code cli} parses command lines, {@code config} has the options as typed settings, {@code daemon} is the life of the process,
 * {@code spool} keeps messages in transit, {@code smtp} has the rules of the wire, {@code log} writes lines, {@code access}
 * has the access lists, {@code net} has addresses and sockets, {@code posix} calls the C library.
 */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.standalone;
