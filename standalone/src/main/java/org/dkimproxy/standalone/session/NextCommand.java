package org.dkimproxy.standalone.session;

import java.io.IOException;
import java.util.Optional;
import org.dkimproxy.standalone.smtp.Command;
import org.dkimproxy.standalone.smtp.EhloFilter;
import org.dkimproxy.standalone.smtp.Extensions;
import org.dkimproxy.standalone.smtp.Reply;

/**
 * Between two commands: the next one is read, judged by its kind, and most of them are passed to the relay.
 *
 * <p>Commands may come pipelined (RFC 2920); they go to the relay in lock-step. What a client sends after a command is
 * not looked at before that command's reply, so it is message after a 354 to DATA and commands after any other.
 */
record NextCommand() implements SessionState {
    private static final int SESSION_RESET = 220;
    private static final int START_INPUT = 354;

    @Override
    public SessionState proceed(Conversation conversation) throws IOException, SessionEnd {
        Optional<Command> command = conversation.nextCommand();
        if (command.isEmpty()) {
            return OVER;
        }
        conversation.expectSilentRelay();
        return obey(command.get(), conversation);
    }

    private SessionState obey(Command command, Conversation conversation) throws IOException {
        return switch (command.kind()) {
            case RCPT, JUNK, PASSED -> conversation.pass(conversation.ask(command));
            case EHLO -> ehlo(command, conversation);
            case HELO -> helo(command, conversation);
            case XCLIENT -> xclient(command, conversation);
            case AUTH -> Authentication.begin(command, conversation);
            case DATA -> data(command, conversation);
            case QUIT -> {
                conversation.client().send(conversation.ask(command));
                conversation.client().connection().closeIfSilent();
                yield OVER;
            }
            case BDAT -> {
                conversation.client().send(Replies.NOT_IMPLEMENTED);
                yield OVER;
            }
            case MISSING -> conversation.pass(Replies.NO_COMMAND);
            case UNKNOWN -> conversation.pass(Replies.NOT_IMPLEMENTED);
        };
    }

    private static SessionState ehlo(Command command, Conversation conversation) throws IOException {
        Reply reply = conversation.ask(command);
        if (!reply.isPositive()) {
            return conversation.pass(reply);
        }
        long ownLimit = conversation.context().settings().limits().messageSize();
        EhloFilter.Result filtered = new EhloFilter(ownLimit).apply(reply);
        conversation.agreeOn(filtered.extensions());
        return conversation.pass(filtered.reply());
    }

    private static SessionState helo(Command command, Conversation conversation) throws IOException {
        Reply reply = conversation.ask(command);
        if (reply.isPositive()) {
            conversation.agreeOn(Extensions.NONE);
        }
        return conversation.pass(reply);
    }

    private static SessionState xclient(Command command, Conversation conversation) throws IOException {
        Reply reply = conversation.ask(command);
        if (reply.code() == SESSION_RESET) {
            conversation.agreeOn(Extensions.NONE);
        }
        return conversation.pass(reply);
    }

    private static SessionState data(Command command, Conversation conversation) throws IOException {
        Reply reply = conversation
                .relay()
                .exchange(command.line(), conversation.timeouts().data());
        if (reply.code() == START_INPUT) {
            return new MessageTransfer(reply);
        }
        if (reply.isPositive()) {
            throw new RelayException("relay answers DATA with " + reply.code());
        }
        return conversation.passFinal(reply);
    }
}
