package org.dkimproxy.jamesit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dkimproxy.interop.DnsRecords;
import org.dkimproxy.interop.TestKeys;

/** The keys and the rules that the {@link Cases} need, as files of a conf folder and as records of the DNS. */
final class SigningRules {
    /** The key that the sender map of the shipped folder names. */
    static final String SHIPPED_KEY = "dkim/2026._domainkey.example.org.key";
    /** The key that disappears. */
    static final String GONE_KEY = "dkim/gone.key";

    private static final Pattern OURS = Pattern.compile(
            "(?s)<mailet match=\"All\" class=\"org\\.dkimproxy\\.james\\.SignWithSenderMap\">.*?</mailet>");

    private SigningRules() {}

    /** Puts other mailets in the place of ours. */
    static void replaceMailet(JamesFolder james, String mailets) throws IOException {
        Path file = james.conf("mailetcontainer.xml");
        String conf = Files.readString(file, StandardCharsets.UTF_8);
        if (OURS.matcher(conf).results().count() != 1) {
            throw new IOException("our mailet is to be once in " + file);
        }
        Files.writeString(
                file, OURS.matcher(conf).replaceAll(Matcher.quoteReplacement(mailets)), StandardCharsets.UTF_8);
    }

    /** Puts the keys into a conf folder, and adds rules to its maps. */
    static void install(JamesFolder james, TestKeys keys) throws IOException {
        Files.copy(keys.rsaFile(), james.conf(SHIPPED_KEY));
        Files.copy(keys.ed25519File(), james.conf("dkim/ed25519.key"));
        Files.copy(keys.rsaFile(), james.conf(GONE_KEY));
        String rsa = "key=file://conf/" + SHIPPED_KEY;
        append(
                james,
                "dkim/sender_map",
                "example.net  dkim(c=relaxed/relaxed,s=rsa," + rsa + "), "
                        + "dkim(a=ed25519-sha256,c=relaxed/relaxed,s=ed25519,key=file://conf/dkim/ed25519.key)",
                "old.example.com  dkim(c=relaxed/simple,s=dkim," + rsa + "), domainkeys(c=nofws,s=dk," + rsa + ")",
                "simple.example.org  dkim(c=simple/simple,s=simple," + rsa + ")",
                "gone.example.com  dkim(c=relaxed/relaxed,s=gone,key=file://conf/" + GONE_KEY + ")");
        append(
                james,
                "dkim/listid_map",
                "team.example.org  dkim(c=relaxed/relaxed,d=lists.example.org,s=list," + rsa + ")");
    }

    private static void append(JamesFolder james, String file, String... lines) throws IOException {
        Files.writeString(
                james.conf(file), String.join("\n", lines) + "\n", StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    }

    /** What the DNS says of all signatures. */
    static DnsRecords records(TestKeys keys) {
        TreeMap<String, String> texts = new TreeMap<>();
        Cases.signatures()
                .forEach(signature -> texts.put(
                        signature.recordName(),
                        keys.record(signature.equals(Cases.ED25519) ? "ed25519-sha256" : "rsa-sha256")));
        texts.put(DkimSign.SIGNATURE.recordName(), keys.record("rsa-sha256"));
        return new DnsRecords(texts);
    }
}
