"""The stories that the demo plays, one after the other, with the command line that people use."""
from stories import alert, coordination, paper, rehabilitation, release, withdrawal


def play_all(play):
    case = rehabilitation.play(play)
    withdrawal.play(play)
    release.play(play)
    paper.play(play)
    alert.play(play)
    rehabilitation.aftercare(play, case)
    coordination.play(play)
