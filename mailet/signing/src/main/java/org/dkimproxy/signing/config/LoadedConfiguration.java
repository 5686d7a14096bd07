package org.dkimproxy.signing.config;

import java.util.List;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.reload.EntryCounts;
import org.dkimproxy.signing.reload.FileStamps;

/**
 * A configuration that was read and validated as a whole.
 *
 * @param <S> the settings that a program has beside the signer
 */
public sealed interface LoadedConfiguration<S> {
    /** All problems, by their positions. */
    List<Problem> problems();

    /** The files of which a change is a reason to load again, as they were before they were read. */
    FileStamps files();

    /** The number of entries in the conf file and in each map. */
    EntryCounts entries();

    /**
     * A configuration without errors.
     *
     * @param given the options that it was made from
     * @param problems warnings only
     * @param notices what works otherwise than in dkimproxy 1.4, one line each
     */
    record Valid<S>(
            S settings,
            DkimSigner signer,
            GivenOptions given,
            List<Problem> problems,
            List<String> notices,
            FileStamps files,
            EntryCounts entries)
            implements LoadedConfiguration<S> {
        /** Takes copies. */
        public Valid {
            problems = List.copyOf(problems);
            notices = List.copyOf(notices);
        }

        /** This configuration with other settings. */
        public <T> Valid<T> withSettings(T other) {
            return new Valid<>(other, signer, given, problems, notices, files, entries);
        }

        /** This configuration as another process, or this one with other privileges, sees it. */
        public Valid<S> seenAs(DkimSigner otherSigner, FileStamps otherFiles) {
            return new Valid<>(settings, otherSigner, given, problems, notices, otherFiles, entries);
        }
    }

    /**
     * A configuration with an error.
     *
     * @param problems at least one of them an error
     * @param files key files too, since one that is missing often comes after the map that names it
     */
    record Invalid<S>(List<Problem> problems, FileStamps files, EntryCounts entries) implements LoadedConfiguration<S> {
        /** Takes a copy. */
        public Invalid {
            problems = List.copyOf(problems);
        }

        /** This outcome for a program with other settings, of which there are none. */
        public <T> Invalid<T> forOtherSettings() {
            return new Invalid<>(problems, files, entries);
        }

        /** The errors. */
        public Stream<Problem> errors() {
            return problems.stream().filter(problem -> problem.severity() == Severity.ERROR);
        }
    }
}
