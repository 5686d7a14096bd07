package org.dkimproxy.signing;

/** Thrown if a signature cannot be made. Has the kind and the reason of {@link SigningOutcome.Failed}. */
final class SigningFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final SigningOutcome.Kind kind;

    SigningFailedException(SigningOutcome.Kind kind, String reason) {
        super(reason);
        this.kind = kind;
    }

    static SigningFailedException permanent(String reason) {
        return new SigningFailedException(SigningOutcome.Kind.PERMANENT, reason);
    }

    SigningOutcome.Kind kind() {
        return kind;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
