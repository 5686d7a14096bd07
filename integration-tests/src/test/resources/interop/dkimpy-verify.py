"""Judges every DKIM-Signature of a batch of messages with dkimpy.

dkimpy-verify.py KEYS LIST
  KEYS  lines "selector._domainkey.domain record"
  LIST  lines "name TAB file"; files hold CRLF line ends
Writes "name TAB selector TAB pass|fail|cannot TAB detail", one line for each signature.
"""
import sys

import dkim


def records(path):
    with open(path, encoding="ascii") as lines:
        return dict(line.rstrip("\n").split(" ", 1) for line in lines)


def judge(verifier, index, lookup):
    try:
        passed = verifier.verify(index, dnsfunc=lookup)
        return ("pass" if passed else "fail"), "verify() says %s" % passed
    except dkim.DKIMException as problem:
        return "fail", str(problem)
    except Exception as problem:  # a fault of the verifier is a finding, not an end of the batch
        return "cannot", "%s: %s" % (type(problem).__name__, problem)


def selector_of(field):
    try:
        return dkim.util.parse_tag_value(field).get(b"s", b"").decode("ascii")
    except Exception:
        return ""


def main(keys, batch):
    known = records(keys)

    def lookup(name, timeout=5):
        return known.get(name.decode("ascii").rstrip(".").lower(), "").encode("ascii")

    with open(batch, encoding="utf-8") as lines:
        for line in lines:
            name, path = line.rstrip("\n").split("\t", 1)
            with open(path, "rb") as message:
                content = message.read()
            try:
                verifier = dkim.DKIM(content)
            except Exception as problem:
                print(name, "", "cannot", " ".join(str(problem).split()), sep="\t")
                continue
            fields = [value for field, value in verifier.headers if field.lower() == b"dkim-signature"]
            for index, field in enumerate(fields):
                verdict, detail = judge(verifier, index, lookup)
                print(name, selector_of(field), verdict, " ".join(detail.split()), sep="\t")


main(*sys.argv[1:])
