#!/usr/bin/env python3
"""A second reader for twvault's file store, written from docs/format.md and the age v1 specification alone.

usage: twvault_reader.py HOME PROFILE
       twvault_reader.py --backup FILE PROFILE
The identity is in TWVAULT_IDENTITY, in the file that TWVAULT_IDENTITY_FILE names, or in HOME/identity.age,
which TWVAULT_PASSPHRASE opens; a backup opens with either. Prints {"fields": {...}, "extras": {...}}; says why not, and exits 1, otherwise.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import stat
import sys

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CHUNK, MAX_FILE, MAX_HEADER, MAX_STANZAS, MAX_WORK, MAX_PARENTS = 65536, 1 << 20, 65536, 32, 19, 8
APP = [["api_key", "api_secret"], ["bearer_token"], ["client_id", "client_secret"]]  # a pair goes together
FIELDS = {name for group in APP for name in group} | {
    "access_token", "access_token_secret", "oauth2_access_token", "oauth2_refresh_token"}
NAME = r"(?!(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|\Z))[a-z0-9][a-z0-9._-]{0,63}"
VARIABLE = (r"(?!TWVAULT_|LD_|DYLD_)(?!(PATH|HOME|SHELL|IFS|NODE_OPTIONS|BASH_ENV|ENV|PYTHONPATH|PYTHONSTARTUP)\Z)"
            r"[A-Z][A-Z0-9_]{0,127}")
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
RECIPIENT = r"age1[02-9ac-hj-np-z]{58}"
TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"


class Refused(Exception):
    pass


def need(condition, reason):
    if not condition:
        raise Refused(reason)


def text(value, pattern):
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


def unbase64(value, padding=True):
    """Only the one encoding that these bytes have."""
    need(text(value, "[A-Za-z0-9+/]*={0,2}"), "base64 is malformed")
    raw = base64.b64decode(value.rstrip("=") + "===")
    again = base64.b64encode(raw).decode()
    need((again if padding else again.rstrip("=")) == value, "base64 is malformed")
    return raw


def members(value, required, optional=()):
    need(isinstance(value, dict), "an object is missing")
    need(set(required) <= set(value) <= {*required, *optional}, "members are missing or unknown")
    return value


def hkdf(key, info, salt=b""):
    """HKDF-SHA-256 (RFC 5869) for 32 bytes, which is one block."""
    return hmac.digest(hmac.digest(salt or bytes(32), key, "sha256"), info + b"\1", "sha256")


def unwrap(key, sealed):
    need(len(sealed) == 32, "a wrapped file key is not 32 bytes")
    try:
        return ChaCha20Poly1305(key).decrypt(bytes(12), sealed, None)
    except InvalidTag:
        return None


def scalar_of(identity):
    """The 32 bytes of an AGE-SECRET-KEY-1... (Bech32, BIP 173, without its limit of 90 characters)."""
    need(text(identity, "AGE-SECRET-KEY-1[AC-HJ-NP-Z02-9]{58}"), "this is no age identity")
    hrp, _, data = identity.lower().rpartition("1")
    digits = ["qpzry9x8gf2tvdw0s3jn54khce6mua7l".index(c) for c in data]
    check = 1
    for v in [ord(c) >> 5 for c in hrp] + [0] + [ord(c) & 31 for c in hrp] + digits:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ v
        for i, g in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= g if top >> i & 1 else 0
    bits = int("".join(f"{d:05b}" for d in digits[:-6]), 2)  # 52 digits: 256 bits and 4 of padding
    need(check == 1 and not bits & 15, "the identity has a typing error")
    return (bits >> 4).to_bytes(32, "big")


def with_scalars(scalars):
    """What finds the file key in the stanzas for one of the identities with these scalars."""
    openers = [with_scalar(scalar) for scalar in scalars]
    return lambda stanzas: next((key for key in (opener(stanzas) for opener in openers) if key is not None), None)


def with_scalar(scalar):
    private = X25519PrivateKey.from_private_bytes(scalar)
    own = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def file_key(stanzas):
        for (kind, *args), body in stanzas:
            need(kind != "scrypt", "the file is sealed under a passphrase")
            if kind == "X25519":
                need(len(args) == 1, "an X25519 stanza is malformed")
                share = unbase64(args[0], padding=False)
                shared = private.exchange(X25519PublicKey.from_public_bytes(share))  # refuses an all-zero result
                key = unwrap(hkdf(shared, b"age-encryption.org/v1/X25519", share + own), body)
                if key is not None:
                    return key
    return file_key


def with_passphrase(passphrase):
    def file_key(stanzas):
        (kind, *args), body = stanzas[0]
        need(len(stanzas) == 1 and kind == "scrypt" and len(args) == 2, "a single scrypt stanza is missing")
        salt, work = unbase64(args[0], padding=False), int(args[1]) if text(args[1], "[1-9][0-9]?") else 99
        need(len(salt) == 16 and work <= MAX_WORK, "the scrypt stanza is malformed or asks for too much")
        return unwrap(hashlib.scrypt(passphrase, salt=b"age-encryption.org/v1/scrypt" + salt, n=1 << work, r=8, p=1,
                                     maxmem=(1 << work) * 1024 + (1 << 24), dklen=32), body)
    return file_key


def age_decrypt(file, file_key):
    end = file.find(b"\n--- ", 0, MAX_HEADER)
    stop = file.find(b"\n", end + 1, MAX_HEADER)
    need(0 < end < stop, "this is no age file")
    version, *lines = file[:end].decode("ascii").split("\n")
    need(version == "age-encryption.org/v1" and lines, "this is no age v1 file")
    stanzas = []
    while lines:
        arrow, *args = lines.pop(0).split(" ")
        need(arrow == "->" and args and all(text(a, "[!-~]+") for a in args), "a stanza is malformed")
        body, line = "", 64 * " "
        while len(line) == 64:  # up to a shorter line, which may be empty
            need(lines and len(lines[0]) <= 64, "a stanza's body is malformed")
            line = lines.pop(0)
            body += line
        stanzas.append((args, unbase64(body, padding=False)))
    need(len(stanzas) <= MAX_STANZAS, "the header has too many stanzas")
    key = file_key(stanzas)
    need(key is not None, "the identity or passphrase does not open the file")
    mac = unbase64(file[end + 5:stop].decode("ascii"), padding=False)
    expected = hmac.digest(hkdf(key, b"header"), file[:end + 4], "sha256")
    need(hmac.compare_digest(mac, expected), "the header was changed")

    nonce, payload = file[stop + 1:stop + 17], file[stop + 17:]
    need(len(nonce) == 16 and len(payload) >= 16, "the payload is cut off")
    stream, plain = ChaCha20Poly1305(hkdf(key, b"payload", nonce)), b""
    for n, at in enumerate(range(0, len(payload), CHUNK + 16)):
        last = at + CHUNK + 16 >= len(payload)
        piece = stream.decrypt(n.to_bytes(11, "big") + bytes([last]), payload[at:at + CHUNK + 16], None)
        need(piece or n == 0, "the last chunk is empty")
        plain += piece
    return plain


def read(path):
    """A file of our own, neither a link nor a hard link, of 1 MiB at most."""
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        info = os.fstat(file.fileno())
        need(stat.S_ISREG(info.st_mode) and info.st_nlink == 1 and info.st_uid == os.geteuid(),
             f"{path} is a link or another user's")
        content = file.read(MAX_FILE + 1)
    need(len(content) <= MAX_FILE, f"{path} is too large")
    return content


def canonical(value):
    def ordered(v):
        if isinstance(v, dict):
            return {k: ordered(v[k]) for k in sorted(v, key=lambda k: k.encode("utf-16-be", "surrogatepass"))}
        need(not isinstance(v, float) and (type(v) is not int or abs(v) < 1 << 53), "a number is no integer")
        return [ordered(item) for item in v] if isinstance(v, list) else v

    encoded = json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":"))
    return re.sub("[\ud800-\udfff]", lambda m: f"\\u{ord(m[0]):04x}", encoded).encode()  # what is left is lone


class Vault:
    def __init__(self, home):
        self.home = home
        self.about = members(
            json.loads(read(os.path.join(home, "vault.json"))),
            ["format", "vault", "store", "identity", "recipient", "writer", "pin"],
            ["default", "service", "fingerprintKey", "successor", "recipients", "recipientsSig"])
        need(self.about["format"] == "twvault-vault-1", "vault.json is of another format")
        need(self.about["store"] == "file", "only the file store is read here")
        need(text(self.about["vault"], UUID) and text(self.about.get("default", "x"), NAME)
             and self.about["identity"] in ("passphrase", "keychain", "elsewhere"), "vault.json is damaged")
        scalars = [scalar_of(line) for line in self.identities()]
        named = [self.about]
        if "successor" in self.about:
            named.append(members(self.about["successor"], ["recipient", "writer", "pin"]))
        proven = [(scalar, owner["writer"]) for owner in named for scalar in scalars if self.proves(scalar, owner)]
        need(proven, "the pin in vault.json does not fit its writer and this identity")
        self.scalars = [scalar for scalar, _ in proven]
        self.writers = {writer for _, writer in proven}

    @staticmethod
    def proves(scalar, owner):
        expected = hmac.digest(hkdf(scalar, b"twvault pin v1"), owner["writer"].encode("ascii"), "sha256")
        return hmac.compare_digest(unbase64(owner["pin"]), expected)

    def identities(self):
        if os.environ.get("TWVAULT_IDENTITY"):
            content = os.environ["TWVAULT_IDENTITY"]
        elif os.environ.get("TWVAULT_IDENTITY_FILE"):
            with open(os.environ["TWVAULT_IDENTITY_FILE"], encoding="utf-8") as file:
                content = file.read()
        else:
            need("TWVAULT_PASSPHRASE" in os.environ, "there is no identity and no passphrase")
            sealed = read(os.path.join(self.home, "identity.age"))
            content = age_decrypt(sealed, with_passphrase(os.environb[b"TWVAULT_PASSPHRASE"])).decode()
        lines = [line.strip() for line in content.splitlines() if line.strip() and not line.startswith("#")]
        need(1 <= len(lines) <= 16, "the identity file holds no identity, or too many")
        return lines

    def profile(self, name):
        need(text(name, NAME), "this is no profile's name")
        file = read(os.path.join(self.home, "profiles", name + ".age"))
        plain = age_decrypt(file, with_scalars(self.scalars)).rstrip(b" ")
        record = members(json.loads(plain.decode("utf-8")), ["body", "sig"])
        need(canonical(record) == plain, "the record is not canonical JSON")
        body = members(record["body"], ["format", "profile", "vault", "writer"])
        need(body["writer"] in self.writers, "another writer wrote the record")
        Ed25519PublicKey.from_public_bytes(unbase64(body["writer"])).verify(unbase64(record["sig"]), b"twvault record v1\n" + canonical(body))
        need(body["format"] == "twvault-record-1", "the record is of another format")
        need(body["vault"] == self.about["vault"], "the record is of another vault")
        profile = body["profile"]
        self.check(profile)
        need(profile["profile"] == name, "the record is of another profile")
        self.compare(name, profile["generation"], hashlib.sha256(file).hexdigest())
        return profile

    def check(self, profile):
        members(profile, ["profile", "generation", "created", "updated", "fields", "extras"],
                ["inherit", "account", "grant", "staged", "recipients"])
        need(text(profile["profile"], NAME), "this is no profile's name")
        need(type(profile["generation"]) is int and profile["generation"] > 0, "the generation is no positive integer")
        need(text(profile["created"], TIME) and text(profile["updated"], TIME), "a time is malformed")
        need("inherit" not in profile or text(profile["inherit"], NAME), "the parent's name is none")
        if "account" in profile:
            account = members(profile["account"], ["id"], ["name"])
            need(text(account["id"], "[0-9]+") and isinstance(account.get("name", ""), str), "the account is malformed")
        if "grant" in profile:
            grant = members(profile["grant"], ["expires", "scopes"])
            need(text(grant["expires"], TIME) and isinstance(grant["scopes"], list)
                 and all(isinstance(s, str) for s in grant["scopes"]), "the grant is malformed")
        if "recipients" in profile:
            recipients = profile["recipients"]
            need(isinstance(recipients, list) and 1 <= len(recipients) <= 16
                 and all(text(r, RECIPIENT) for r in recipients)
                 and recipients == sorted(set(recipients)), "the recipients are malformed")
        need(isinstance(profile["fields"], dict) and set(profile["fields"]) <= FIELDS, "a field is unknown")
        need(isinstance(profile["extras"], dict) and all(text(v, VARIABLE) for v in profile["extras"]),
             "an extra has a name that it may not have")
        staged = profile.get("staged", {})
        need(isinstance(staged, dict) and set(staged) <= FIELDS, "a staged field is unknown")
        for entry in [*profile["fields"].values(), *profile["extras"].values(), *staged.values()]:
            members(entry, ["set", "value"])
            need(text(entry["set"], TIME) and isinstance(entry["value"], str), "a value is malformed")

    def compare(self, name, generation, revision):
        """What was written last is not older than the index says, and not another file of the same age."""
        try:
            entry = members(
                json.loads(read(os.path.join(self.home, "index", name + ".json"))),
                ["name", "generation", "created", "updated", "revision", "fields", "extras"],
                ["inherit", "account", "grant", "rotation", "recipients", "fingerprints"])
        except FileNotFoundError:
            return
        need(entry["name"] == name and type(entry["generation"]) is int, "the index entry is damaged")
        need(generation >= entry["generation"], "the file is an earlier copy")
        need(generation > entry["generation"] or revision == entry["revision"], "another file was put in its place")

    def effective(self, name):
        chain = [self.profile(name)]
        while "inherit" in chain[-1]:
            need(len(chain) <= MAX_PARENTS, "the profile inherits through too many others")
            chain.append(self.profile(chain[-1]["inherit"]))
        fields = dict(chain[0]["fields"])
        for group in APP:
            source = next((p["fields"] for p in chain if set(group) & set(p["fields"])), {})
            fields.update((field, source[field]) for field in group if field in source)
        return {kind: {key: entry["value"] for key, entry in sorted(of.items())}
                for kind, of in (("fields", fields), ("extras", chain[0]["extras"]))}


class Backup(Vault):
    """The profiles of a backup, which has neither signatures nor an index."""

    def __init__(self, path):
        with open(path, "rb") as file:
            sealed = file.read()
        phrase = os.environb.get(b"TWVAULT_PASSPHRASE")
        self.home = os.path.dirname(path)
        file_key = with_passphrase(phrase) if phrase else with_scalars([scalar_of(line) for line in self.identities()])
        document = members(json.loads(age_decrypt(sealed, file_key)), ["format", "made", "profiles"], ["default", "presets"])
        need(document["format"] == "twvault-backup-1", "the backup is of another format")
        need(text(document["made"], TIME) and isinstance(document["profiles"], list), "the backup is damaged")
        for profile in document["profiles"]:
            self.check(profile)
        self.profiles = {profile["profile"]: profile for profile in document["profiles"]}
        need(len(self.profiles) == len(document["profiles"]), "two profiles have one name")
        need(document.get("default") in {None, *self.profiles}, "the default is none of the profiles")

    def profile(self, name):
        need(name in self.profiles, "there is no such profile")
        return self.profiles[name]


def main(source, name):
    try:
        print(json.dumps(source().effective(name)))
    except InvalidSignature:
        sys.exit("twvault_reader: the signature does not hold")
    except InvalidTag:
        sys.exit("twvault_reader: the payload was changed")
    except (Refused, OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        sys.exit(f"twvault_reader: {' '.join(str(error).split()) or type(error).__name__}")


if __name__ == "__main__":
    is_backup = sys.argv[1:2] == ["--backup"]
    if len(sys.argv) != (4 if is_backup else 3):
        sys.exit("usage: twvault_reader.py HOME PROFILE | twvault_reader.py --backup FILE PROFILE")
    place, profile_name = sys.argv[-2:]
    main(lambda: Backup(place) if is_backup else Vault(place), profile_name)
