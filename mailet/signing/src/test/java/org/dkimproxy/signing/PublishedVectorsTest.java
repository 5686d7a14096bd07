package org.dkimproxy.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.dkimproxy.sendermap.dkim.Algorithm;
import org.dkimproxy.sendermap.dkim.DkimMethod.Part;
import org.dkimproxy.signing.canonical.HeaderCanonicalizer;
import org.dkimproxy.signing.canonical.OctetBuffer;
import org.dkimproxy.signing.key.PemKeyParser;
import org.dkimproxy.signing.key.SignatureMaker;
import org.dkimproxy.signing.key.SigningKey;
import org.dkimproxy.signing.message.HeaderCollector;
import org.dkimproxy.signing.message.HeaderField;
import org.dkimproxy.signing.message.HeaderFields;
import org.junit.jupiter.api.Test;

/**
 * The signed messages that the RFCs publish, signed again with the published private keys: our canonicalization, digests and
 * signatures must give the published octets.
 */
class PublishedVectorsTest {

    /** RFC 6376 appendix C. */
    private static final String RFC_6376_KEY = """
            -----BEGIN RSA PRIVATE KEY-----
            MIICXwIBAAKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFC
            jxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gb
            to/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB
            AoGBALmn+XwWk7akvkUlqb+dOxyLB9i5VBVfje89Teolwc9YJT36BGN/l4e0l6QX
            /1//6DWUTB3KI6wFcm7TWJcxbS0tcKZX7FsJvUz1SbQnkS54DJck1EZO/BLa5ckJ
            gAYIaqlA9C0ZwM6i58lLlPadX/rtHb7pWzeNcZHjKrjM461ZAkEA+itss2nRlmyO
            n1/5yDyCluST4dQfO8kAB3toSEVc7DeFeDhnC1mZdjASZNvdHS4gbLIA1hUGEF9m
            3hKsGUMMPwJBAPW5v/U+AWTADFCS22t72NUurgzeAbzb1HWMqO4y4+9Hpjk5wvL/
            eVYizyuce3/fGke7aRYw/ADKygMJdW8H/OcCQQDz5OQb4j2QDpPZc0Nc4QlbvMsj
            7p7otWRO5xRa6SzXqqV3+F0VpqvDmshEBkoCydaYwc2o6WQ5EBmExeV8124XAkEA
            qZzGsIxVP+sEVRWZmW6KNFSdVUpk3qzK0Tz/WjQMe5z0UunY9Ax9/4PVhp/j61bf
            eAYXunajbBSOLlx4D+TunwJBANkPI5S9iylsbLs6NkaMHV6k5ioHBBmgCak95JGX
            GMot/L2x0IYyMLAz6oLWh2hm7zwtb0CgOrPo1ke44hFYnfc=
            -----END RSA PRIVATE KEY-----
            """;

    /** RFC 8463 appendix A.2, selector test. */
    private static final String RFC_8463_RSA_KEY = """
            -----BEGIN RSA PRIVATE KEY-----
            MIICXQIBAAKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQi
            Y/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqM
            KrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB
            AoGAH0cxOhFZDgzXWhDhnAJDw5s4roOXN4OhjiXa8W7Y3rhX3FJqmJSPuC8N9vQm
            6SVbaLAE4SG5mLMueHlh4KXffEpuLEiNp9Ss3O4YfLiQpbRqE7Tm5SxKjvvQoZZe
            zHorimOaChRL2it47iuWxzxSiRMv4c+j70GiWdxXnxe4UoECQQDzJB/0U58W7RZy
            6enGVj2kWF732CoWFZWzi1FicudrBFoy63QwcowpoCazKtvZGMNlPWnC7x/6o8Gc
            uSe0ga2xAkEA8C7PipPm1/1fTRQvj1o/dDmZp243044ZNyxjg+/OPN0oWCbXIGxy
            WvmZbXriOWoSALJTjExEgraHEgnXssuk7QJBALl5ICsYMu6hMxO73gnfNayNgPxd
            WFV6Z7ULnKyV7HSVYF0hgYOHjeYe9gaMtiJYoo0zGN+L3AAtNP9huqkWlzECQE1a
            licIeVlo1e+qJ6Mgqr0Q7Aa7falZ448ccbSFYEPD6oFxiOl9Y9se9iYHZKKfIcst
            o7DUw1/hz2Ck4N5JrgUCQQCyKveNvjzkkd8HjYs0SwM0fPjK16//5qDZ2UiDGnOe
            uEzxBDAr518Z8VFbR41in3W4Y3yCDgQlLlcETrS+zYcL
            -----END RSA PRIVATE KEY-----
            """;

    /** RFC 8463 appendix A.2, selector brisbane: the 32 octets of the key. */
    private static final String RFC_8463_ED25519_KEY = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";

    private static final String BODY_HASH = "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=";

    private static final String RFC_6376_MESSAGE = wire("""
            Received: from client1.football.example.com  [192.0.2.1]
                  by submitserver.example.com with SUBMISSION;
                  Fri, 11 Jul 2003 21:01:54 -0700 (PDT)
            From: Joe SixPack <joe@football.example.com>
            To: Suzie Q <suzie@shopping.example.net>
            Subject: Is dinner ready?
            Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
            Message-ID: <20030712040037.46341.5F8J@football.example.com>

            Hi.

            We lost the game. Are you hungry yet?

            Joe.
            """);

    private static final String RFC_8463_MESSAGE = wire("""
            From: Joe SixPack <joe@football.example.com>
            To: Suzie Q <suzie@shopping.example.net>
            Subject: Is dinner ready?
            Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
            Message-ID: <20030712040037.46341.5F8J@football.example.com>

            Hi.

            We lost the game.  Are you hungry yet?

            Joe.

            """);

    @Test
    void rfc_6376_appendix_a_simple_rsa() throws Exception {
        String field = wire("""
                DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;
                      c=simple/simple; q=dns/txt; i=joe@football.example.com;
                      h=Received : From : To : Subject : Date : Message-ID;
                      bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
                      b=;""");
        String signature = "AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1Ir"
                + "E+NahM6L/LbvaHutKVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV4bmp/YzhwvcubU4=";
        SigningKey key = PemKeyParser.read(RFC_6376_KEY.getBytes(StandardCharsets.US_ASCII), Optional.empty());
        assertThat(bodyHash(RFC_6376_MESSAGE, Part.SIMPLE)).isEqualTo(BODY_HASH);
        assertThat(sign(RFC_6376_MESSAGE, field, HeaderCanonicalizer.SIMPLE, key, Algorithm.RSA_SHA256))
                .isEqualTo(signature);
    }

    @Test
    void rfc_8463_appendix_a_relaxed_ed25519() throws Exception {
        String field = wire("""
                DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
                 d=football.example.com; i=@football.example.com;
                 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
                 subject : date : message-id : from : subject : date;
                 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
                 b=""");
        // RFC 8410 section 7: the PKCS#8 form of an Ed25519 key is this prefix and the 32 octets
        byte[] pkcs8 = HexFormat.of()
                .parseHex("302e020100300506032b657004220420"
                        + HexFormat.of().formatHex(Base64.getDecoder().decode(RFC_8463_ED25519_KEY)));
        String pem = "-----BEGIN PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(pkcs8)
                + "\n-----END PRIVATE KEY-----\n";
        SigningKey key = PemKeyParser.read(pem.getBytes(StandardCharsets.US_ASCII), Optional.empty());
        assertThat(bodyHash(RFC_8463_MESSAGE, Part.RELAXED)).isEqualTo(BODY_HASH);
        assertThat(sign(RFC_8463_MESSAGE, field, HeaderCanonicalizer.RELAXED, key, Algorithm.ED25519_SHA256))
                .isEqualTo("/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11BusFa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==");
    }

    @Test
    void rfc_8463_appendix_a_relaxed_rsa() throws Exception {
        String field = wire("""
                DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
                 d=football.example.com; i=@football.example.com;
                 q=dns/txt; s=test; t=1528637909; h=from : to : subject :
                 date : message-id : from : subject : date;
                 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
                 b=""");
        SigningKey key = PemKeyParser.read(RFC_8463_RSA_KEY.getBytes(StandardCharsets.US_ASCII), Optional.empty());
        assertThat(sign(RFC_8463_MESSAGE, field, HeaderCanonicalizer.RELAXED, key, Algorithm.RSA_SHA256))
                .isEqualTo(
                        "F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9"
                                + "mPYQTnGdaSGsgeefOsk2JzdA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=");
    }

    private static String bodyHash(String message, Part canonicalization) {
        byte[] body = message.substring(message.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.US_ASCII);
        BodyDigests digests = new BodyDigests();
        BodyDigests.BodyHash hash = digests.hash(canonicalization, Algorithm.RSA_SHA256);
        digests.begin();
        digests.update(body, 0, body.length);
        digests.finish();
        return Base64.getEncoder().encodeToString(hash.value());
    }

    private static String sign(
            String message, String field, HeaderCanonicalizer canonicalizer, SigningKey key, Algorithm algorithm)
            throws Exception {
        OctetBuffer signed = new OctetBuffer();
        for (HeaderField each : namedInH(field, fieldsOf(message))) {
            canonicalizer.write(each, signed);
            signed.writeLineEnd();
        }
        canonicalizer.write(HeaderField.of(field), signed);
        SignatureMaker maker = key.begin(algorithm);
        maker.write(signed.array(), 0, signed.size());
        return Base64.getEncoder().encodeToString(maker.sign());
    }

    private static HeaderFields fieldsOf(String message) {
        byte[] octets = message.getBytes(StandardCharsets.US_ASCII);
        HeaderCollector collector = new HeaderCollector(SignerSettings.DEFAULT_MAX_HEADER_BYTES);
        collector.update(octets, 0, octets.length);
        return collector.fields();
    }

    /** What an h= tag stands for, worked out apart from {@link SignedFields} (RFC 6376 section 5.4.2). */
    private static List<HeaderField> namedInH(String field, HeaderFields fields) {
        String h = field.replaceAll("(?s).*\\sh=([^;]*);.*", "$1").replaceAll("\\s", "");
        Map<String, Deque<HeaderField>> left = new HashMap<>();
        return List.of(h.toLowerCase(Locale.ROOT).split(":", -1)).stream()
                .map(name -> left.computeIfAbsent(name, n -> new ArrayDeque<>(fields.named(n)))
                        .pollLast())
                .filter(found -> found != null)
                .toList();
    }

    private static String wire(String text) {
        return text.replace("\n", "\r\n");
    }
}
