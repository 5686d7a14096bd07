package org.dkimproxy.standalone.session;

import java.io.IOException;

/**
 * The state of a session. Each does its work and returns the next; a session is a walk from {@link
 * RelayGreeting} to {@link Over}.
 */
sealed interface SessionState
        permits RelayGreeting, NextCommand, Authentication, MessageTransfer, MessageRefused, SessionState.Over {
    /** Nothing is left to be said: both connections are closed. */
    SessionState OVER = new Over();

    /**
     * Does what is due.
     *
     * @return the state after it
     * @throws RelayException if the relay is lost
     * @throws SessionEnd if the session cannot go on, and the client is to be told so
     * @throws IOException if the client is lost, or breaks the framing
     */
    SessionState proceed(Conversation conversation) throws IOException, SessionEnd;

    /** The end. */
    record Over() implements SessionState {
        @Override
        public SessionState proceed(Conversation conversation) {
            return this;
        }
    }
}
