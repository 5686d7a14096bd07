package org.dkimproxy.standalone.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.dkimproxy.sendermap.conf.ConfFile;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.signing.config.OptionTable;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.standalone.net.HostPort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsSettingsTest {
    private static OptionValues values(String file) {
        OptionTable known = ProxyOptions.TABLE;
        byte[] text = file.getBytes(StandardCharsets.UTF_8);
        return new OptionValues(ConfFile.parse("test.conf", text, known.names()).value());
    }

    @ParameterizedTest
    @CsvSource({
        "metrics_listen 127.0.0.1:9465,   127.0.0.1,   9465",
        "metrics-listen = [::1]:0,        ::1,         0",
        "metrics_listen *:9465,           *,           9465",
    })
    void an_address_and_a_port(String file, String host, int port) {
        OptionValues values = values(file);

        assertThat(MetricsSettings.read(values).listen()).contains(new HostPort(host, port));
        assertThat(values.problems()).isEmpty();
    }

    @Test
    void without_the_option_nothing_is_served() {
        assertThat(MetricsSettings.read(values("")).listen()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"9465", "127.0.0.1", "localhost:http", "127.0.0.1:70000", "http://127.0.0.1:9465/"})
    void anything_else_is_a_problem(String value) {
        OptionValues values = values("metrics_listen " + value);

        assertThat(MetricsSettings.read(values).listen()).isEmpty();
        assertThat(values.problems())
                .extracting(Problem::summary)
                .containsExactly("test.conf:1:16: error: found \"" + value + "\", expected HOST:PORT or [IPV6]:PORT");
    }
}
