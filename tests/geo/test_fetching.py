"""Asking services: never longer than promised, never more than asked, never elsewhere."""

from time import perf_counter

import pytest

from socialmap.geo.fetching import Breaker, FetchError, fetch
from tests.services import Answer, running_service


def test_answer_comes_whole_and_the_question_names_only_us() -> None:
    with running_service(lambda path: Answer(b"{}", "application/json; charset=utf-8")) as service:
        answer = fetch(f"{service.url}/vraag?q=a", seconds=2, most_bytes=100)
        assert (answer.content_type, answer.body) == ("application/json", b"{}")
        assert service.paths == ["/vraag?q=a"]
        assert service.headers[0]["User-Agent"] == "gouden-gids-amsterdam/1"
        assert not {"Cookie", "Referer", "Accept-Language", "X-Forwarded-For"} & set(
            service.headers[0]
        )


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"{}", pause=5),
        Answer(b"x" * 1000, pause=0.2, pieces=100),
    ],
    ids=["silent", "drop by drop"],
)
def test_slow_service_takes_no_longer_than_promised(answer: Answer) -> None:
    with running_service(lambda path: answer) as service:
        start = perf_counter()
        with pytest.raises(FetchError):
            fetch(service.url, seconds=0.5, most_bytes=10_000)
        assert perf_counter() - start < 0.8


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed(status: int) -> None:
    with running_service(lambda path: Answer(b"stranger")) as stranger:
        away = {"Location": f"{stranger.url}/elders"}
        with (
            running_service(lambda path: Answer(status=status, headers=away)) as service,
            pytest.raises(FetchError, match=f"status {status}"),
        ):
            fetch(service.url, seconds=2, most_bytes=100)
        assert stranger.paths == []


def test_too_long_an_answer_is_refused() -> None:
    with (
        running_service(lambda path: Answer(b"x" * 200_000)) as service,
        pytest.raises(FetchError, match="too long"),
    ):
        fetch(service.url, seconds=2, most_bytes=100_000)


@pytest.mark.parametrize(
    ("status", "is_missing"), [(404, True), (410, True), (429, False), (500, False)]
)
def test_errors_say_whether_the_service_works(status: int, is_missing: bool) -> None:
    with running_service(lambda path: Answer(b"no", status=status)) as service:
        with pytest.raises(FetchError) as caught:
            fetch(f"{service.url}/?q=geheim", seconds=2, most_bytes=100)
        assert caught.value.is_missing == is_missing
        assert "geheim" not in str(caught.value)


def test_nobody_there_is_an_error_of_ours() -> None:
    with running_service(lambda path: Answer()) as service:
        url = service.url
    with pytest.raises(FetchError):
        fetch(url, seconds=2, most_bytes=100)
    with pytest.raises(FetchError):
        fetch("http://127.0.0.1:1/\x00", seconds=2, most_bytes=100)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_three_failures_give_a_minute_of_rest() -> None:
    clock = Clock()
    breaker = Breaker(clock=clock)
    for _ in range(3):
        assert not breaker.is_open()
        breaker.failed()
    assert breaker.is_open()
    clock.now = 59.9
    assert breaker.is_open()
    clock.now = 60.1
    assert not breaker.is_open()
    breaker.failed()  # one more, and it rests again
    assert breaker.is_open()
    clock.now = 200
    breaker.worked()
    breaker.failed()
    assert not breaker.is_open()
