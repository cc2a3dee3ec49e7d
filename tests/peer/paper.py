"""A network on paper: agencies that share a directory, with no hub and no socket between them."""

from peer import agency, directory, ids, keys, limits, wire


class PaperNetwork:
    def __init__(self, *names, threshold=1, roots=1):
        self.roots = [keys.make("ROOT") for _ in range(roots)]
        self.hub_link, self.hub_log = keys.make("LINK"), keys.make("LOG")
        self.data = wire.directory.Directory(
            version=1, issued_ms=ids.now_ms(), expires_ms=ids.now_ms() + 120 * limits.DAY_MS)
        network = self.data.network
        network.name, network.threshold = "kertas", threshold
        network.hubs.add(id="hub-kertas", endpoints=["tcp://127.0.0.1:1"],
                         link_key=self.hub_link.public, log_key=self.hub_log.public)
        for root in self.roots:
            network.registrar_keys.add(public_key=root.public, holder="pendaftar")
        self.agencies = {name: agency.Agency(name) for name in names}
        for each in self.agencies.values():
            made, _ = directory.read_request(each.request())
            self.data.members.append(made.member)
        self.publish(first=True)

    def publish(self, first=False):
        """A new version for everybody."""
        if not first:
            self.data.version += 1
        signed = directory.sign(self.data, self.roots)
        for each in self.agencies.values():
            each.directory = directory.Directory(signed, each.directory)

    def member(self, name):
        return next(member for member in self.data.members if member.id == name)

    def key(self, name, use):
        numbers = {"SIG": 1, "BOX": 2, "LINK": 3}
        return next(key for key in self.member(name).keys if key.use == numbers[use])

    def __getitem__(self, name):
        return self.agencies[name]
