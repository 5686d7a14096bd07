package org.dkimproxy.interop;

import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The upgrade of {@link DebianUpgradeIT} on the releases after that of this machine, if there are any. */
@Tag("long")
@ParameterizedClass(allowZeroInvocations = true)
@MethodSource("releases")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DebianUpgradeLaterIT extends DebianUpgradeIT {
    static List<String> releases() {
        List<String> all = DebianRoot.releases();
        return all.subList(1, all.size());
    }
}
