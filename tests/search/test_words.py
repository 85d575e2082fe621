"""Slips and other words for the same thing."""

import csv
import os
from pathlib import Path

import pytest

from socialmap.config import DATA
from socialmap.search.language.meaning import meant
from socialmap.search.language.slips import KnownWords, nearest, sound
from socialmap.search.language.synonyms import SYNONYMS_FILE, Synonyms, synonyms

HEADER = "woord betekent richting gewicht sinds tot taal soort bron".split()
KNOWN = dict.fromkeys(
    "faalangst slecht blowen blowt bloed verslaving noord agressie school gezondheid".split(), 1
)


def rows(*given: str) -> Synonyms:
    return Synonyms([dict(zip(HEADER, row.split(";"), strict=True)) for row in given])


@pytest.mark.parametrize(
    ("typed", "used"),
    [
        ("faalangts", "faalangst"),
        ("faalansgt", "faalangst"),
        ("verslavng", "verslaving"),
        ("slegt", "slecht"),
        ("gezondhijd", "gezondheid"),
        ("agresie", "agressie"),
        ("skool", "school"),
        ("noordse", None),
        ("qwxyz", None),
        ("", None),
    ],
)
def test_slip_leads_to_the_nearest_word(typed: str, used: str | None) -> None:
    assert nearest(typed, KnownWords(KNOWN)) == used


def test_of_two_near_words_the_one_that_people_look_for_wins() -> None:
    known = KnownWords({"bloed": 9, "blowt": 1})
    assert nearest("blowd", known, lambda word: word == "blowt") == "blowt"


def test_what_sounds_the_same_is_the_same() -> None:
    assert sound("cheit") == sound("gijt")
    assert sound("quiz") == sound("kwis")
    assert sound("boos") != sound("bang")


def test_phrase_finds_its_other_words_and_not_the_other_way_round() -> None:
    known = rows("boos|boze buien;agressie|thema:boosheid;heen;;;;nl;leek;x")
    [said] = known.said(["mijn", "boze", "buien"])
    assert (said.first, said.last) == (1, 3)
    assert [(other.stems, other.code, other.weight) for other in said.others] == [
        (("agressie",), "", 0.6),
        ((), "thema:boosheid", 0.6),
    ]
    assert list(known.said(["agressie"])) == []


def test_true_synonyms_work_both_ways() -> None:
    known = rows("lvb;licht verstandelijk beperkt;beide;1.0;;;nl;afkorting;x")
    assert [said.others[0].stems for said in known.said(["licht", "verstandelijk", "beperkt"])] == [
        ("lvb",)
    ]


def test_longest_phrase_wins() -> None:
    known = rows("geen geld;schulden;heen;;;;nl;leek;x", "geld;geldzaken;heen;;;;nl;leek;x")
    assert [said.others[0].stems for said in known.said(["geen", "geld"])] == [("schuld",)]


def test_former_name_is_told() -> None:
    known = rows("Samen DOEN;buurtteam;heen;1.0;;;nl;vroegere-naam;x")
    [renamed] = meant("samen doen", known).renamed
    assert (renamed.former, renamed.now) == ("Samen DOEN", "buurtteam")


def test_consult_questions_are_known() -> None:
    known = rows()
    for typed in ("overleggen over veiligheid", "ruggespraak", "wie wil meedenken", "sparren"):
        assert meant(typed, known).is_consult, typed
    assert not meant("zwemles", known).is_consult


def test_work_per_question_is_bounded() -> None:
    many = "|".join(f"woord{number}" for number in range(100))
    known = rows(f"alles;{many};heen;;;;nl;leek;x")
    [concept] = meant("alles", rows(f"kopje;{many};heen;;;;nl;leek;x")).concepts or [None]
    assert concept is not None
    [said] = known.said(["alles"])
    assert len(said.others) == 12
    assert len(meant("a b c d e f g h " * 20 + " ".join(KNOWN), synonyms()).concepts) <= 24


def test_change_of_the_file_works_at_once(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.csv"

    def write(row: str, at: int) -> None:
        path.write_text("\n".join([";".join(HEADER), row]), "utf-8-sig")
        os.utime(path, ns=(at, at))

    write("opa;grootouder;heen;;;;nl;leek;x", 1)
    assert not synonyms(path).knows("oma")
    write("oma;grootouder;heen;;;;nl;leek;x", 2)
    assert synonyms(path).knows("oma")


# The file itself


def file_rows() -> list[dict[str, str]]:
    with SYNONYMS_FILE.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_every_row_of_the_file_can_be_used() -> None:
    lines = (DATA / "themes.csv").read_text("utf-8-sig").splitlines()
    themes = {row["id"] for row in csv.DictReader(lines, delimiter=";")}
    told = file_rows()
    assert len(told) >= 250
    for row in told:
        assert list(row) == HEADER
        assert row["richting"] in ("heen", "beide"), row
        assert 0.3 <= float(row["gewicht"] or 0.6) <= 1, row
        assert row["taal"] in ("nl", "en", "tr", "ary", "pap", "srn"), row
        for other in row["betekent"].split("|"):
            assert other, row
            if other.startswith("thema:"):
                assert other.removeprefix("thema:") in themes, other
                assert row["richting"] == "heen" or "|" in row["betekent"], row


def test_near_synonyms_that_must_not_be_mixed_up_are_not() -> None:
    """R26: one method is not a word, MEE is not the OKA, and JBRA is not Veilig Thuis."""
    known = synonyms()
    for word in ("mee", "oka", "jbra"):
        others = [o for said in known.said([word]) for o in said.others]
        for wrong in ("oka", "mee", "veilig"):
            assert all(wrong not in other.stems or wrong == word for other in others), (word, wrong)
    assert list(known.said(["eigen", "kracht", "conferentie"])) == []
    [said] = known.said(["sd"])
    assert any("doen" in other.stems for other in said.others)
