package org.dkimproxy.james;

import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Flag;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.FileSource;
import org.dkimproxy.signing.HostDomains;
import org.dkimproxy.signing.OwnDomains;
import org.dkimproxy.signing.config.ConfigurationLoader;
import org.dkimproxy.signing.config.FileView;
import org.dkimproxy.signing.config.GivenOptions;
import org.dkimproxy.signing.config.LoadedConfiguration;
import org.dkimproxy.signing.config.OptionValues;

/** Loads the configuration of a mailet from its parameters and the files that they name, at a start and at a reload. */
final class MailetLoader {
    private final Parsed<List<ConfOption>> parameters;
    private final ConfigurationLoader loader;
    private final HostDomains ofJames;

    /** @param ofJames read while mail is signed, not while the configuration is loaded */
    MailetLoader(Parsed<List<ConfOption>> parameters, FileSource files, HostDomains ofJames) {
        this.parameters = parameters;
        this.loader = new ConfigurationLoader(MailetParameters.TABLE, files, true);
        this.ofJames = ofJames;
    }

    LoadedConfiguration<MailetSettings> load() {
        GivenOptions given = loader.read(parameters);
        OptionValues values = given.values();
        Choices choices = new Choices(
                values.get(MailetParameters.REJECT_ERROR),
                values.get(MailetParameters.CONVERT_TO_7BIT),
                values.get(MailetParameters.SIGN_AUTHORS));
        return switch (loader.load(given, values, Optional.of(choices), FileView.of(loader.files()))) {
            case LoadedConfiguration.Valid<Choices> valid ->
                valid.withSettings(valid.settings().settings(valid.signer(), ofJames));
            case LoadedConfiguration.Invalid<Choices> invalid -> invalid.forOtherSettings();
        };
    }

    /** What the parameters of the mailet itself say. */
    private record Choices(boolean rejectErrors, Optional<Flag> convertTo7Bit, MailetParameters.Authors authors) {
        MailetSettings settings(DkimSigner signer, HostDomains ofJames) {
            OwnDomains own = signer.ownDomains(ofJames);
            return new MailetSettings(
                    authors == MailetParameters.Authors.OWN ? signer.forAuthorsOf(own) : signer,
                    rejectErrors,
                    convertTo7Bit.map(Choices::fixed).orElseGet(() -> new SparingForeignSignatures(own)));
        }

        private static SevenBitRule fixed(Flag flag) {
            return flag == Flag.ON ? SevenBitRule.Fixed.ALWAYS : SevenBitRule.Fixed.NEVER;
        }
    }
}
