"""The press: what goes in is data and comes out as text; every PDF is tagged and complete."""

import json
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typst import TypstError

from socialmap.views.printed import Desk, Flyer, Sheet, press, sheet
from socialmap.views.printed.press import LETTERS, LONGEST, TEMPLATES, PrintError, printable
from socialmap.views.printed.typesetter import typeset
from tests.printing import Paper

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><path d="M0 0h1v1H0z"/></svg>'
FLYER = Flyer(
    name="Jip Verdonk",
    first_name="Jip",
    role="Ouder- en kindadviseur",
    organisation="OKT Pontplein",
    photo=None,
    desks=[Desk("Basisschool De Pont", "OKT Pontplein", [("Dinsdag", "8.30–12.00")], "", "")],
    more="",
    asks=["Of een kind toe is aan de brugklas."],
    languages="Nederlands en Turks",
    phone="020 000 0161",
    phone_of="",
    backup="",
    is_example=True,
    made_on="23 november 2026",
    url="http://localhost/persoon/jip-verdonk",
    qr=DRAWING,
)
MARKS = "\u0300\u0301\u0302\u0308\u030c\u0323\u0327\u0328"


def asking(text: str) -> Paper:
    """A flyer on which this text is what people may ask."""
    return Paper(sheet("flyer", replace(FLYER, asks=[text])).pdf())


def bare(text: str) -> str:
    """A text without what may differ where a line breaks."""
    return re.sub(r"[\s-]", "", text)


# What people wrote is data


@pytest.mark.parametrize(
    "text",
    [
        '#read("/etc/passwd")',
        "#image(sys.inputs.told)",
        '#import "@preview/x:0.1.0": y',
        "$x^2$ en *b* en _c_ en `d` en <label> en @ref",
        r"\u{0} en \n en \ en \"",
        "= Geen kop == en -- geen streep --- en ...",
        """'enkel' en "dubbel" // geen commentaar /* ook niet */""",
        "#{while true {}} #let x = 1; [haken] {accolades} ~ https://gids.example/a?b=c&d=e",
        '"}]} {"name": "anders"',
        "<script>alert(1)</script> &amp; %PDF-1.7 endstream",
    ],
)
def test_hostile_text_stays_text(text: str) -> None:
    assert bare(text) in bare(asking(text).text)


def test_nothing_outside_the_folder_of_templates_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("geheim")
    inside = tmp_path / "templates"
    inside.mkdir()
    (inside / "leak.typ").write_text('#read("../secret.txt")', "utf-8")
    with pytest.raises(TypstError, match="escape the project root"):
        typeset(str(inside), "leak", "{}")


def test_a_refusal_tells_nothing_of_what_was_printed() -> None:
    with pytest.raises(PrintError, match="typst made no flyer") as refused:
        Sheet("flyer", json.dumps({"name": "Jip Verdonk"})).pdf()
    assert "Jip" not in repr(refused.value)


def test_templates_use_nothing_but_each_other() -> None:
    sources = [path.read_text("utf-8") for path in TEMPLATES.glob("*.typ")]
    imports = [name for text in sources for name in re.findall(r"#(?:import|include) (.+)", text)]
    assert len(sources) >= 3
    assert {name.partition(":")[0] for name in imports} == {'"paper.typ"'}
    assert not any(word in text for text in sources for word in ("eval(", "read(", "plugin("))


def test_a_sheet_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "SECONDS", 0.001)
    with pytest.raises(PrintError, match="TimeoutExpired"):
        sheet("flyer", replace(FLYER, name="Wie te lang duurt")).pdf()


# What can be printed


def test_every_sign_that_is_let_through_can_be_printed() -> None:
    signs = [chr(at) for first, last in LETTERS for at in range(first, last + 1)]
    known = [sign for sign in signs if unicodedata.category(sign) != "Cn" and printable(sign)]
    assert len(known) > 1500
    paper = asking(" ".join(known))
    assert paper.loose_fonts == set()


@pytest.mark.parametrize("base", ["aeiouy", "ẹọṣịụ", "ŁłØøĐđŞşĞğİı", "ΑΩабя"])
def test_a_mark_without_a_sign_of_its_own_can_be_printed(base: str) -> None:
    asking(" ".join(letter + mark for letter in base for mark in MARKS))


@pytest.mark.parametrize(
    "name",
    ["Şükrü Yıldırım-Çağlar", "Ngọc Ánh Đỗ", "Łucja Żółć", "Ọláyínká Ṣọlá", "Zoë d’Ancona Ïñigo"],
)
def test_names_in_any_latin_script_are_printed_whole(name: str) -> None:
    paper = Paper(sheet("flyer", replace(FLYER, name=name)).pdf())
    shown, typed = (bare(unicodedata.normalize("NFC", text)) for text in (paper.text, name))
    assert typed in shown
    assert paper.loose_fonts == set()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Bel ons 📞 gerust", "Bel ons gerust"),
        ("Taalles 中文", "Taalles […]"),
        ("Praten (العربية لغة) mag", "Praten ([…]) mag"),
        ("😀", "[…]"),
        ("a\x00b\x07c\ufffe", "abc"),
        ("een\n\ntwee\tdrie", "een twee drie"),
        ("hulp\u00advraag", "hulpvraag"),
        ("cafe\u0301", "café"),
        ("\u202eomgekeerd", "omgekeerd"),
        ("Bel 020 000 0162 nu", "Bel 020\u00a0000\u00a00162 nu"),
        ("", ""),
    ],
)
def test_what_no_font_has_is_left_out(typed: str, shown: str) -> None:
    assert printable(typed) == shown


def test_very_long_word_breaks_within_its_line() -> None:
    word = "Ouderkindgesprekgroepjes" * 20
    assert max(map(len, printable(word).split("\u200b"))) == LONGEST
    assert word in bare(asking(word).text)


@given(st.lists(st.text(max_size=60), min_size=3, max_size=3))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_can_be_printed(texts: list[str]) -> None:
    name, place, ask = (f"Jip {text}" for text in texts)
    desks = [replace(FLYER.desks[0], place=place)]
    told = replace(FLYER, name=name, desks=desks, asks=[ask])
    assert Paper(sheet("flyer", told).pdf()).size == 1


# What comes out


def test_pdf_is_tagged_and_says_its_language_and_title() -> None:
    paper = asking("Alles.")
    assert paper.root["/MarkInfo"]["/Marked"]
    assert paper.root["/Lang"] == "nl-NL"
    assert paper.title == "Jip Verdonk"
    assert paper.root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in paper.root["/Metadata"].get_object().get_data()
    kinds = [kind for kind, _ in paper.tags]
    assert {"/Title", "/H1", "/Table", "/TH", "/TD", "/P", "/Link"} <= set(kinds)
    assert paper.pictures == ["QR-code met het adres http://localhost/persoon/jip-verdonk"]


def test_the_same_sheet_has_the_same_name_and_another_word_another() -> None:
    assert sheet("flyer", FLYER).digest == sheet("flyer", replace(FLYER)).digest
    assert sheet("flyer", FLYER).digest != sheet("flyer", replace(FLYER, more="x")).digest
    assert sheet("flyer", FLYER).pdf() == sheet("flyer", replace(FLYER)).pdf()
