"""Signs a batch of messages with dkimpy.

dkimpy-sign.py JOBS LIST
  JOBS  lines "job TAB dkim TAB algorithm TAB method TAB selector TAB domain TAB identity TAB keyfile"; method is
        header/body; identity is not used; the key is PEM for RSA, the base64 of 32 octets for Ed25519
  LIST  lines "name TAB file"; files hold CRLF line ends
Writes "name TAB job TAB field TAB base64 of the field", or "name TAB job TAB error TAB text".
"""
import base64
import sys

import dkim

SIGNED = [b"from", b"sender", b"to", b"cc", b"subject", b"date", b"message-id", b"references", b"list-id"]


def fields_of(message):
    """The names to sign: once for each instance, and once more for Subject."""
    present = [name.lower() for name, value in message.headers]
    return [name for name in present if name in SIGNED] + [b"subject"]


def sign(content, row):
    _, algorithm, method, selector, domain, _, key = row
    with open(key, "rb") as file:
        secret = file.read().strip()
    message = dkim.DKIM(content)
    return message.sign(
        selector.encode("ascii"),
        domain.encode("ascii"),
        secret,
        signature_algorithm=algorithm.encode("ascii"),
        canonicalize=tuple(method.encode("ascii").split(b"/")),
        include_headers=fields_of(message),
    )


def main(jobs, batch):
    with open(jobs, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    with open(batch, encoding="utf-8") as lines:
        for line in lines:
            name, path = line.rstrip("\n").split("\t", 1)
            with open(path, "rb") as message:
                content = message.read()
            for job, *row in rows:
                try:
                    field = sign(content, row)
                    if field.endswith(b"\r\n"):
                        field = field[:-2]
                    print(name, job, "field", base64.b64encode(field).decode("ascii"), sep="\t")
                except Exception as problem:
                    print(name, job, "error", " ".join(str(problem).split()), sep="\t")


main(*sys.argv[1:])
