"""How often names may be asked while somebody types: counted in memory, forgotten each minute."""

from collections import Counter

PER_NETWORK, IN_ALL = 60, 600
"""Questions in a minute; someone who types quickly asks some twenty."""


class Pace:
    """Counts the questions of this minute, of one process."""

    def __init__(self) -> None:
        self._minute = 0
        self._counts: Counter[str] = Counter()

    def is_too_fast(self, network: str, seconds: float) -> bool:
        """Count a question; were there too many this minute, from there or in all?"""
        minute = int(seconds // 60)
        if minute != self._minute:
            self._minute, self._counts = minute, Counter()
        self._counts[network] += 1
        return self._counts[network] > PER_NETWORK or self._counts.total() > IN_ALL
