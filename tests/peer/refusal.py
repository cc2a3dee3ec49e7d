"""The one exception of this peer: an input is refused, with the error name that the wire knows."""


class Refused(Exception):
    """`code` is a name of the error table in docs/PROTOCOL.md; `why` is for a developer."""

    def __init__(self, code, why=""):
        super().__init__(f"{code}: {why}" if why else code)
        self.code = code


def need(holds, code, why=""):
    if not holds:
        raise Refused(code, why)
