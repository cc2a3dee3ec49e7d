"""What a monitoring system sees of a daemon: its pages, read with Prometheus' own parser."""

import http.client

from prometheus_client.openmetrics import parser

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"


class Monitor:
    def __init__(self, port):
        self.port = port

    def get(self, path, method="GET"):
        """Status, content type and text of a page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path)
            reply = connection.getresponse()
            return reply.status, reply.getheader("Content-Type"), reply.read().decode()
        finally:
            connection.close()

    def text(self):
        status, kind, text = self.get("/metrics")
        assert (status, kind) == (200, CONTENT_TYPE)
        return text

    def families(self):
        """Every family by name; the parser refuses what the standard does not allow."""
        return {family.name: family for family in parser.text_string_to_metric_families(self.text())}

    def values(self):
        """{"jembatan_hub_sessions": 2, "jembatan_hub_queue_letters{stat}": 0, ...}"""
        return {sample.name + "".join(f"{{{word}}}" for word in sample.labels.values()): sample.value
                for family in self.families().values() for sample in family.samples}

    def ready(self):
        """(200 or 503, {"store": True, ...})"""
        status, _, text = self.get("/ready")
        return status, {name: word == "yes" for name, word in
                        (line.split() for line in text.splitlines())}
