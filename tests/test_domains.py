"""Which mail address belongs to a provider's own website, and which proves nothing."""

import pytest

from socialmap import accounts
from socialmap.reviews.domains import SECOND_LEVELS, SHARED, SHARED_FILE, host_of, is_own, is_under

SITE = "https://www.draad.example/over-ons?x=1"


@pytest.mark.parametrize(
    ("mail", "website"),
    [
        ("fatma@draad.example", SITE),
        ("fatma@draad.example", "http://draad.example"),
        ("fatma@draad.example", "draad.example/contact"),
        ("fatma@draad.example", "HTTPS://WWW.Draad.Example:8443/"),
        ("fatma@draad.example", "https://draad.example."),
        ("fatma@noord.draad.example", SITE),
        ("fatma@draad.example", "https://noord.draad.example"),
        ("fatma@www.draad.example", SITE),
        ("fatma@draad.co.uk", "https://draad.co.uk"),
        ("fatma@xn--caf-dma.example", "https://café.example"),
    ],
)
def test_a_mail_on_the_domain_of_the_website_is_its_own(mail: str, website: str) -> None:
    assert is_own(accounts.folded(mail), website)


@pytest.mark.parametrize(
    ("mail", "website"),
    [
        ("fatma@evil-draad.example", SITE),
        ("fatma@draad.example.evil.example", SITE),
        ("fatma@evildraad.example", SITE),
        ("fatma@raad.example", SITE),
        ("fatma@draad.exampl", SITE),
        ("fatma@example", SITE),
        ("fatma@evil.example", "https://draad.example@evil.exam/"),
        ("fatma@draad.example", "https://draad.example@evil.example/"),
        ("fatma@draad.example", "https://evil.example/draad.example"),
        ("fatma@draad.example", "https://evil.example/?draad.example"),
        ("fatma@draad.example", "https://evil.example#draad.example"),
        ("fatma@draad.example", "https://evil.example\\draad.example"),
        ("fatma@elders.co.uk", "https://co.uk"),
        ("fatma@co.uk", "https://draad.co.uk"),
        ("fatma@a.co.nl", "https://b.co.nl"),
        ("fatma@a.platform.example", "https://b.platform.example"),
        ("fatma@draad.example", None),
        ("fatma@draad.example", ""),
        ("fatma@draad.example", "https://"),
        ("fatma@draad.example", "https://[::1"),
        ("fatma@draad.example", "javascript://draad.example/"),
        ("fatma@draad.example", "https://127.0.0.1/"),
        ("fatma@nl", "https://www.nl"),
    ],
)
def test_a_mail_elsewhere_is_not(mail: str, website: str | None) -> None:
    assert not is_own(mail, website)


@pytest.mark.parametrize(
    ("mail", "website"),
    [
        ("fatma@gmail.com", "https://gmail.com"),
        ("fatma@draad.wordpress.com", "https://draad.wordpress.com"),
        ("fatma@wordpress.com", "https://draad.wordpress.com"),
        ("fatma@google.com", "https://sites.google.com/view/draad"),
        ("fatma@amsterdam.nl", "https://www.amsterdam.nl/zorg/draad"),
        ("fatma@noord.amsterdam.nl", "https://amsterdam.nl/draad"),
        ("fatma@draad.home.xs4all.nl", "https://draad.home.xs4all.nl"),
        ("fatma@facebook.com", "https://nl-nl.facebook.com/draad"),
    ],
)
def test_what_many_share_proves_nothing(mail: str, website: str) -> None:
    assert not is_own(mail, website)


def test_the_list_of_shared_domains_is_whole_and_well_written() -> None:
    lines = SHARED_FILE.read_text("utf-8").splitlines()
    names = [line for line in lines if line and not line.startswith("#")]
    assert "# Domeinen die veel mensen delen" in lines[0]
    assert len(names) == len(set(names)) == len(SHARED) >= 80
    for name in names:
        assert accounts.folded(f"x@{name}") == f"x@{name}"
        assert host_of(f"https://www.{name}/") == name
        assert [domain for domain in SHARED if is_under(name, domain)] == [name]
    expected = (
        "gmail.com hotmail.nl ziggo.nl kpnmail.nl outlook.com icloud.com live.nl xs4all.nl"
        " proton.me wordpress.com wixsite.com google.com amsterdam.nl facebook.com instagram.com"
        " linktr.ee"
    )
    assert set(expected.split()) <= SHARED
    assert not SHARED & SECOND_LEVELS
