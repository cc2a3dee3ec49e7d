"""A fixed-seed beginning of what `make torture` does to real daemons."""

from torture import bad_lines, hostile, kill_daemons, turn_clocks


def test_daemons_that_are_killed_again_and_again_lose_nothing_and_repeat_nothing():
    wrong, struck, letters = kill_daemons.play_round(seed=7, number=0, kills=10)
    assert not wrong, wrong
    assert sum(struck.values()) >= 10 and letters > 0


def test_a_pulled_cable_and_half_open_connections_lose_nothing():
    said = []
    runs, failures = bad_lines.campaign(7, said.append, bad_lines.SHORT, part=0.3)
    assert runs == len(bad_lines.SHORT) and failures == 0, "\n".join(said)


def test_a_hub_whose_clock_is_set_a_year_ahead_under_traffic_ends_no_letter():
    said = []
    runs, failures = turn_clocks.campaign(7, said.append, turn_clocks.SHORT, seconds=2)
    assert runs == len(turn_clocks.SHORT) and failures == 0, "\n".join(said)


def test_a_hostile_member_gets_the_expected_answers_and_nothing_else():
    said = []
    runs, failures = hostile.campaign(7, said.append, hostile.SHORT)
    assert runs > len(hostile.SHORT) and failures == 0, "\n".join(said)
