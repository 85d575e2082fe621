"""Whose a mail domain is: a provider's own, or one that many share or anyone can have.

No list of public suffixes is kept: whole names are compared, and a shared domain proves nothing.
Two names under one platform (`a.platform.nl`, `b.platform.nl`) are therefore never the same, while
a site that stands on a path of somebody else's (`host.nl/naailes`) counts as that somebody's.
"""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from socialmap import accounts
from socialmap.config import DATA

SHARED_FILE = DATA / "shared_domains.txt"
SECOND_LEVELS = frozenset(
    "ac.uk co.at co.com co.il co.in co.jp co.ma co.nl co.nz co.uk co.za com.ar com.au com.br com.cn"
    " com.co com.de com.gh com.mx com.nl com.pl com.sr com.tr de.com edu.tr eu.com eu.org gov.tr"
    " gov.uk gr.com me.uk net.au net.tr net.uk nl.eu.org nl.com nom.nl or.at org.au org.br org.ma"
    " org.nz org.pl org.sr org.tr org.uk org.za ru.com sch.uk uk.com us.com us.org".split()
)
"""Names with a dot under which strangers have domains of their own."""


def read_shared(path: Path) -> frozenset[str]:
    """The domains of a file: one a line, `#` opens a comment."""
    lines = path.read_text("utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


SHARED = read_shared(SHARED_FILE)


def is_own(mail: str, website: str | None, shared: Iterable[str] = SHARED) -> bool:
    """Does a folded mail address belong to the domain of a website?

    It does where both names are the same, or one lies under the other; and neither is shared.
    """
    one, other = mail.rpartition("@")[2], host_of(website)
    shorter = min(one, other, key=len)
    if shorter.count(".") < 1 or shorter in SECOND_LEVELS:
        return False
    if any(is_under(name, domain) for domain in shared for name in (one, other)):
        return False
    return is_under(one, other) or is_under(other, one)


def is_under(name: str, domain: str) -> bool:
    """Is a name this domain, or does it lie under it?"""
    return name == domain or name.endswith("." + domain)


def host_of(website: str | None) -> str:
    """The host of a website as mail addresses write it, without `www.`; empty where there is none.

    The network has one way to write a name: a mail address of that host is read to find it.
    """
    text = (website or "").strip()
    try:
        parts = urlsplit(text if "//" in text else f"//{text}")
        host = (parts.hostname or "").rstrip(".").removeprefix("www.")
        if parts.scheme not in ("", "http", "https") or not host:
            return ""
        return accounts.folded(f"x@{host}").rpartition("@")[2]
    except ValueError:  # no address at all, or no host that can have mail
        return ""
