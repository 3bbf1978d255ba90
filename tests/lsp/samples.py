"""Texts with values in them, made on the spot: this repository holds none."""

import hashlib

from tightlip.detect.sample import fill

GITHUB_TOKEN = fill("ghp_{crc32-base62:30}")
AWS_KEY = fill("AKIA{base32:16}")
EMAIL = "johanna.odberg@" + "g" + "mail.com"
BIRTH_DATE = "1984-0" + "3-17"


def bitcoin_address(seed: bytes) -> str:
    """A well-formed address that nobody has the key of: base58check (Bitcoin wiki) of a digest."""
    body = b"\0" + hashlib.sha256(seed).digest()[:20]
    number = int.from_bytes(body + hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4], "big")
    digits = ""
    while number:
        number, rest = divmod(number, 58)
        digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"[rest] + digits
    return "1" + digits


SECRET_FILE = f'import os\n\nemoji = "😀"; token = "{GITHUB_TOKEN}"\nprint(token)\n'
CSV_FILE = f"id,full_name,email,date_of_birth,city\n1,Johanna Ödberg,{EMAIL},{BIRTH_DATE},Lund\n"
CODE = "def settle(account, amount):\n    return account.balance - amount\n"
RESTRICTING_POLICY = '[[repo]]\nclass = "restricted"\ncontact = "payments@acme.example"\n'

CANARIES = (GITHUB_TOKEN, AWS_KEY, EMAIL, BIRTH_DATE)
