/**
 * The rules of the wire, one small class each (RFC 5321): nothing here knows a socket or a thread.
 *
 * <p>From the client: {@link org.dkimproxy.standalone.smtp.CommandReader} and
 * {@link org.dkimproxy.standalone.smtp.DataDecoder}. From the relay:
 * {@link org.dkimproxy.standalone.smtp.ReplyReader} and {@link org.dkimproxy.standalone.smtp.EhloFilter}. To the relay:
 * {@link org.dkimproxy.standalone.smtp.DotStuffer}.
 */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.standalone.smtp;
