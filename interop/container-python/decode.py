"""Reads one Entente container with nothing of Entente: standard library, and `cryptography` for AES-GCM if it is there.

usage: decode.py FILE DATA_KEY_HEX PLAINTEXT_SHA256
Prints one JSON object: what was checked, and `decrypted` true or false. Exit code 1 and `error` when anything does not hold.
"""

import base64
import hashlib
import hmac
import json
import struct
import sys
import zipfile

try:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
except ImportError:  # the HMACs are checked all the same
    AESGCM = None


def need(holds, what):
    if not holds:
        raise ValueError(what)


def canonical(value):
    # Member names are ASCII, so code point order is UTF-16 order; there are no numbers but integers.
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def unpadded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def check_assertions(manifest, aggregate, key):
    ids = [one["id"] for one in manifest["assertions"]]
    need(ids == ["label-stanag-4774", "entente-label", "entente-release"], "assertions")
    for one in manifest["assertions"]:
        header, payload, mac = one["binding"]["signature"].split(".")
        need(json.loads(unpadded(header)) == {"alg": "HS256"}, "assertion header")
        signed = hmac.new(key, f"{header}.{payload}".encode(), hashlib.sha256).digest()
        need(hmac.compare_digest(signed, unpadded(mac)), "assertion hmac")
        unbound = {name: value for name, value in one.items() if name != "binding"}
        digest = hashlib.sha256(canonical(unbound)).digest()
        need(
            json.loads(unpadded(payload))
            == {"assertionHash": digest.hex(), "assertionSig": base64.b64encode(aggregate + digest).decode()},
            "assertion content",
        )


def check_statement(manifest, payload_digest):
    signed = json.loads(manifest["assertions"][-1]["statement"]["value"])
    need(canonical(signed).decode() == manifest["assertions"][-1]["statement"]["value"], "statement spelling")
    body = signed["body"]
    rest = {**manifest, "assertions": manifest["assertions"][:-1]}
    need(hashlib.sha384(canonical(rest)).hexdigest() == body["manifestDigest"], "manifest digest")
    need(payload_digest == body["payloadDigest"], "payload digest")
    xml = manifest["assertions"][0]["statement"]["value"]
    need(hashlib.sha384(xml.encode()).hexdigest() == body["labelXmlDigest"], "label xml digest")
    need(json.loads(manifest["assertions"][1]["statement"]["value"]) == body["label"], "label")
    policy = json.loads(base64.b64decode(manifest["encryptionInformation"]["policy"]))
    need(policy["uuid"] == body["item"], "policy uuid")


def decode(path, key, plaintext_sha256):
    with open(path, "rb") as file:
        head = file.read(4)
    need(head == struct.pack("<I", 0x04034B50), "first local header")
    with zipfile.ZipFile(path) as container:
        need(container.namelist() == ["0.payload", "0.manifest.json"], "entries")
        need(container.testzip() is None, "crc")
        need(all(one.compress_type == zipfile.ZIP_STORED for one in container.infolist()), "stored")
        text = container.read("0.manifest.json")
        payload = container.read("0.payload")
    manifest = json.loads(text)
    need(canonical(manifest) == text, "manifest spelling")
    information = manifest["encryptionInformation"]["integrityInformation"]
    at, aggregate, digests, plain = 0, b"", hashlib.sha384(), hashlib.sha256()
    for segment in information["segments"]:
        size = segment.get("encryptedSegmentSize", information["encryptedSegmentSizeDefault"])
        bytes_ = payload[at : at + size]
        need(len(bytes_) == size, "segment size")
        at += size
        tag = hmac.new(key, bytes_, hashlib.sha256).digest()
        need(base64.b64decode(segment["hash"]) == tag, "segment hash")
        aggregate += tag
        digests.update(hashlib.sha384(bytes_).digest())
        if AESGCM is not None:
            plain.update(AESGCM(key).decrypt(bytes_[:12], bytes_[12:], None))
    need(at == len(payload), "payload size")
    root = hmac.new(key, aggregate, hashlib.sha256).digest()
    need(base64.b64decode(information["rootSignature"]["sig"]) == root, "root signature")
    check_assertions(manifest, aggregate, key)
    check_statement(manifest, digests.hexdigest())
    if AESGCM is not None:
        need(plain.hexdigest() == plaintext_sha256, "plaintext")
    return {"segments": len(information["segments"]), "decrypted": AESGCM is not None}


if __name__ == "__main__":
    try:
        print(json.dumps(decode(sys.argv[1], bytes.fromhex(sys.argv[2]), sys.argv[3])))
    except Exception as error:  # whatever a broken file makes Python raise is a refusal
        print(json.dumps({"error": str(error)}))
        sys.exit(1)
