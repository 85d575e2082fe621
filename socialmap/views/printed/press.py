"""The press: typst makes a tagged PDF (PDF/UA-1) of a template and data.

The templates in `templates/print/` are all that is ever read as source, and all that can be read:
they stand in the root of the compiler. Data comes as one JSON text (`sys.inputs.told`).
"""

import json
import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Any
from unicodedata import category, normalize

from socialmap.config import ROOT
from socialmap.views.printed import typesetter

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

TEMPLATES = ROOT / "templates" / "print"
SECONDS = 30
"""A sheet that takes longer is given up."""
KEPT = 16
"""So many sheets stay in memory."""
LETTERS = (
    (0x20, 0x7E),
    (0xA0, 0x2FF),
    (0x370, 0x377),
    (0x37A, 0x37F),
    (0x384, 0x38A),
    (0x38E, 0x3A1),
    (0x3A3, 0x482),
    (0x48A, 0x4FF),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2027),
    (0x2030, 0x203A),
    (0x2070, 0x2071),
    (0x2074, 0x208E),
    (0x20A0, 0x20BF),
    (0x2100, 0x211E),
    (0x2153, 0x215E),
    (0x2190, 0x21FF),
    (0x2200, 0x22FF),
    (0x25A0, 0x25FF),
    (0x2713, 0x2714),
    (0x2717, 0x2718),
    (0xFB00, 0xFB06),
)
"""What the fonts in the wheel can print (a test prints all of it): Latin, Greek, Cyrillic, signs.

Other scripts are left out, also Hebrew and Arabic: typst 0.15 fails where some lines of them break.
"""
MARKS = "\u0300-\u0304\u0306-\u0308\u030a-\u030c\u0323\u0327\u0328\u0331"
"""What may stand on a letter where there is no sign for both together, as in Yoruba."""
KNOWN_MARK = re.compile(f"[{MARKS}]")
LOOSE_MARK = re.compile(rf"(?<![^\W\d_])(?<![{MARKS}])[{MARKS}]+")
LEFT_OUT = "[…]"
"""In the place of words in another script."""
LONGEST = 24
"""So many letters of a word stay together where it may break; longer than any line needs."""
LONG_WORD = re.compile(rf"\S{{{LONGEST + 1},}}")
BREAK = "\u200b"
PHONE = re.compile(r"\b0\d{1,3}(?: \d{2,4}){1,4}\b")
UNBROKEN = "\u00a0"
SPACES = re.compile(r"\s+")
OTHER = "\ufffc"
"""A letter of another script, for the moment."""
OTHER_SCRIPT = re.compile(f"{OTHER}+(?: +{OTHER}+)*")
SOFT_HYPHEN = "\u00ad"
"""Left out: typst knows where Dutch words break."""

_one_at_a_time = Lock()
"""Two sheets at once would keep all others waiting."""


class PrintError(Exception):
    """typst did not make a PDF of a sheet; says nothing of what was on it."""


@dataclass(frozen=True)
class Sheet:
    """Something to print: a template and its data, as JSON."""

    template: str
    told: str

    @property
    def digest(self) -> str:
        """A name of this content: another day, word or template has another."""
        return sha256(f"{_sources()}{self.template}\n{self.told}".encode()).hexdigest()[:32]

    def pdf(self) -> bytes:
        """The tagged PDF; the same sheet again is not made again. Raises PrintError."""
        return _typeset(self.template, self.told)


def sheet(template: str, told: "DataclassInstance") -> Sheet:
    """Put data on a template: `guide` or `flyer`."""
    return Sheet(template, json.dumps(_plain(asdict(told)), ensure_ascii=False))


def printable(text: str) -> str:
    """The text as far as it can be printed, on one line.

    Signs like emoji and controls are left out, words in another script become `[…]`, and words
    that are longer than a line may break. Telephone numbers do not.
    """
    signs = "".join(map(_sign, normalize("NFC", SPACES.sub(" ", text))))
    known = OTHER_SCRIPT.sub(LEFT_OUT, LOOSE_MARK.sub("", signs))
    line = SPACES.sub(" ", known).strip() or (LEFT_OUT if text else "")
    whole = PHONE.sub(lambda found: found.group().replace(" ", UNBROKEN), line)
    return LONG_WORD.sub(lambda found: _breakable(found.group()), whole)


def _sign(sign: str) -> str:
    """The sign, a stand-in for a letter of another script, or nothing."""
    if sign == SOFT_HYPHEN:
        return ""
    if KNOWN_MARK.fullmatch(sign) or any(first <= ord(sign) <= last for first, last in LETTERS):
        return sign
    return OTHER if category(sign)[0] in "LN" else ""


def _breakable(word: str) -> str:
    parts = [word[at : at + LONGEST] for at in range(0, len(word), LONGEST)]
    return BREAK.join(parts)


def _plain(told: Any) -> Any:
    """Data as JSON holds it: texts printable, pictures as numbers."""
    if isinstance(told, str):
        return printable(told)
    if isinstance(told, bytes):
        return list(told)
    if isinstance(told, dict):
        return {name: _plain(value) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [_plain(value) for value in told]
    return told


@lru_cache(maxsize=KEPT)
def _typeset(template: str, told: str) -> bytes:
    asked = {"root": str(TEMPLATES), "template": template, "told": told}
    with _one_at_a_time:
        try:
            done = subprocess.run(  # noqa: S603  a script of ours, its data on standard input
                [sys.executable, "-I", typesetter.__file__],
                input=json.dumps(asked).encode(),
                capture_output=True,
                timeout=SECONDS,
                check=True,
            )
        except subprocess.SubprocessError as error:
            # what typst says of it repeats the text: that is for no log
            raise PrintError(f"typst made no {template}: {type(error).__name__}") from None
    return done.stdout


@cache
def _sources() -> str:
    return "".join(path.read_text("utf-8") for path in sorted(TEMPLATES.glob("*.typ")))
