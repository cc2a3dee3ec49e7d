"""A fixed-seed beginning of what `make torture` does to real daemons."""

from torture import kill_daemons


def test_daemons_that_are_killed_again_and_again_lose_nothing_and_repeat_nothing():
    wrong, struck, letters = kill_daemons.play_round(seed=7, number=0, kills=10)
    assert not wrong, wrong
    assert sum(struck.values()) >= 10 and letters > 0
