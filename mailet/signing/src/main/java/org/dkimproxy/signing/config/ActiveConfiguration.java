package org.dkimproxy.signing.config;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.signing.reload.ReloadReview;
import org.dkimproxy.signing.reload.Reloadable;

/**
 * The configuration in use. A reload replaces it as a whole, or leaves it active if the new one has an error. {@link #current}
 * may be called by any thread, {@link #reload} by one at a time.
 *
 * @param <S> the settings that the program has beside the signer
 */
public final class ActiveConfiguration<S> implements Reloadable {
    /** Logged after the errors of a reload. */
    public static final String FAILED = "configuration reload failed; the previous configuration stays active";

    private final Host<S> host;
    private volatile LoadedConfiguration.Valid<S> current;
    private volatile LastReload lastReload = new LastReload(0, Instant.EPOCH, List.of());

    /**
     * The program that a configuration is loaded for.
     *
     * @param <S> its settings
     */
    public interface Host<S> {
        /** Loads the configuration again. */
        LoadedConfiguration<S> load();

        /** Returns what is put in use of a new configuration: all of it, but for what needs a restart. */
        LoadedConfiguration.Valid<S> adopt(LoadedConfiguration.Valid<S> next);

        /** Logs a problem. */
        void log(Problem problem);

        /** Logs and counts that the current configuration is a new one. */
        void reloaded();

        /** Logs and counts that the previous configuration stays active. */
        void failed();
    }

    /**
     * The outcome of a reload.
     *
     * @param number 0 for the start, and counted up by each reload
     * @param errors empty after a success
     */
    public record LastReload(long number, Instant time, List<String> errors) {
        /** Takes a copy. */
        public LastReload {
            errors = List.copyOf(errors);
        }

        /** One sentence for the status of a service. */
        @Override
        public String toString() {
            if (number == 0) {
                return "No reload since the start";
            }
            return errors.isEmpty()
                    ? "Configuration reloaded at " + time
                    : "Reload failed at " + time + "; the previous configuration stays active: " + errors.getFirst();
        }
    }

    /** The configuration of a start. */
    public ActiveConfiguration(LoadedConfiguration.Valid<S> first, Host<S> host) {
        this.current = first;
        this.host = host;
    }

    /** The configuration in use. A message keeps the one with which it began. */
    public LoadedConfiguration.Valid<S> current() {
        return current;
    }

    /** Puts in use what a program sees after it has dropped its privileges. */
    public void replace(LoadedConfiguration.Valid<S> same) {
        current = same;
    }

    /** The outcome of the last reload. */
    public LastReload lastReload() {
        return lastReload;
    }

    @Override
    public Outcome reload(ReloadReview review) {
        try {
            LoadedConfiguration<S> loaded = host.load();
            if (!review.admits(loaded.files(), loaded.entries())) {
                return new Outcome(loaded.files(), Optional.empty());
            }
            loaded.problems().forEach(host::log);
            return switch (loaded) {
                case LoadedConfiguration.Valid<S> valid -> use(valid);
                case LoadedConfiguration.Invalid<S> invalid -> refuse(invalid);
            };
        } catch (RuntimeException | Error fault) {
            end(List.of("internal error: " + fault));
            host.failed();
            throw fault;
        }
    }

    private Outcome use(LoadedConfiguration.Valid<S> next) {
        current = host.adopt(next);
        end(List.of());
        host.reloaded();
        return new Outcome(next.files(), Optional.of(next.entries()));
    }

    private Outcome refuse(LoadedConfiguration.Invalid<S> invalid) {
        end(invalid.errors().map(Problem::summary).toList());
        host.failed();
        return new Outcome(invalid.files(), Optional.empty());
    }

    private void end(List<String> errors) {
        lastReload = new LastReload(lastReload.number + 1, Instant.now().truncatedTo(ChronoUnit.SECONDS), errors);
    }
}
