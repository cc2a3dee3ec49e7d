"""docs/openapi.yaml is what a running agent does: its paths are the table of routes, its errors those of
error.h, and every answer of a tour over all routes fits the schema that stands there.

A route was added, or an answer got a member?  Describe it in docs/openapi.yaml, and let stories/tour.py call
it once."""

import re

import jsonschema
import pytest
import yaml

from stories import tour
from stories.network import ROOT

DOCUMENT = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text())
RESOLVER = jsonschema.RefResolver.from_schema(DOCUMENT)
ROUTE = re.compile(r'\{ "(GET|POST|PUT)",\s+"([^"]+)",\s+USE_\w+,\s+(\d+),\s+"([^"]*)"')
ERROR = re.compile(r"X \(\d+,\s+(\w+),\s+LANE_\w+,\s+(\d+),")

# They need somebody who signed in over TCP; stories/test_session.py asks them.
BEHIND_THE_DOOR = {("POST", "/v1/session"), ("POST", "/v1/session/end"), ("POST", "/v1/session/password"),
                   ("POST", "/v1/session/second-factor")}
# Its answer has no end; stories/test_again.py listens.
ENDLESS = {("GET", "/v1/events")}


def resolved(part):
    while "$ref" in part:
        part = RESOLVER.resolve(part["$ref"])[1]
    return part


def operations():
    return {(method.upper(), path): operation for path, methods in DOCUMENT["paths"].items()
            for method, operation in methods.items()}


def success(operation):
    return next(status for status in operation["responses"] if status.startswith("2"))


def parameters(operation, where):
    return [each for each in map(resolved, operation.get("parameters", [])) if each["in"] == where]


def table():
    """The routes: (method, path) -> (status, names of parameters)."""
    text = (ROOT / "agents" / "api" / "route.c").read_text()
    return {(method, path): (status, set(query.split()))
            for method, path, status, query in ROUTE.findall(text)}


def path_of(method, asked):
    """The path of the document that was asked; one without a parameter wins."""
    fits = [path for (each, path) in operations() if each == method
            and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), asked)]
    return min(fits, key=lambda path: path.count("{")) if fits else None


def complaints(schema, value):
    for error in jsonschema.Draft202012Validator(schema, resolver=RESOLVER).iter_errors(value):
        while error.context:
            error = max(error.context, key=lambda inner: len(inner.absolute_path))
        yield f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"


# ---- the document alone ----

def test_the_paths_are_the_table_of_routes():
    described = {key: (success(operation), {each["name"] for each in parameters(operation, "query")})
                 for key, operation in operations().items()}
    routes = table()
    missing = sorted(set(routes) - set(described))
    assert not missing, f"describe these routes of agents/api/route.c in docs/openapi.yaml: {missing}"
    assert not set(described) - set(routes), "docs/openapi.yaml describes what is no route"
    for key, row in routes.items():
        assert described[key] == row, f"{key}: the table says {row}, the document {described[key]}"


def test_parameters_of_paths_are_declared():
    for (method, path), operation in operations().items():
        declared = {each["name"] for each in parameters(operation, "path")}
        assert declared == set(re.findall(r"\{(\w+)\}", path)), (method, path)


def test_errors_and_their_statuses_are_those_of_error_h():
    text = (ROOT / "include" / "jembatan" / "error.h").read_text()
    known = {name: int(status) for name, status in ERROR.findall(text) if name != "OK"}
    code = DOCUMENT["components"]["schemas"]["ErrorCode"]
    assert code["x-status"] == known, "bring ErrorCode of docs/openapi.yaml in line with error.h"
    assert set(code["enum"]) == set(known)


def test_every_reference_leads_somewhere_and_every_component_is_used():
    text = (ROOT / "docs" / "openapi.yaml").read_text()
    named = set(re.findall(r"'#/components/(\w+/\w+)'", text))
    there = {f"{group}/{name}" for group, parts in DOCUMENT["components"].items() for name in parts
             if group != "securitySchemes"}
    assert named == there


def test_every_object_says_all_that_it_may_hold():
    open_ones = {"Answers"}   # by the names of a form's fields
    for name, schema in DOCUMENT["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        if schema.get("type") == "object" and name not in open_ones:
            assert schema["additionalProperties"] is False, name
            assert set(schema.get("required", [])) <= set(schema.get("properties", {})), name


def test_examples_fit():
    for key, operation in operations().items():
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content:
            assert list(complaints(content["schema"], content["example"])) == [], key
    for name, schema in DOCUMENT["components"]["schemas"].items():
        for example in schema.get("examples", []):
            assert list(complaints(schema, example)) == [], name
    for response in DOCUMENT["components"]["responses"].values():
        content = response["content"]["application/json"]
        assert list(complaints(content["schema"], content["example"])) == []


# ---- the document and a running agent ----

def check(answer):
    """What of this answer the document does not say."""
    operation = operations()[(answer.method, path_of(answer.method, answer.bare))]
    said = operation["responses"]
    response = resolved(said.get(str(answer.status)) or said.get(f"{answer.status // 100}XX") or {})
    if not response:
        return [f"{answer.method} {answer.bare}: {answer.status} is not described"]
    content = response["content"]
    if "application/json" not in content:
        return [] if isinstance(answer.body, bytes) else [f"{answer.bare}: {answer.body} is no file"]
    found = [f"{answer.method} {answer.bare}: {each}"
             for each in complaints(content["application/json"]["schema"], answer.body)]
    if answer.status >= 400:
        status = DOCUMENT["components"]["schemas"]["ErrorCode"]["x-status"]
        allowed = 405 if answer.status == 405 else status[answer.body["code"]]
        if answer.status != allowed:
            found.append(f"{answer.bare}: {answer.body['code']} came with {answer.status}")
    return found


def bad_requests(asked, agent):
    """To every path something that is wrong with it."""
    for (method, path), operation in operations().items():
        address = path.replace("{id}", "nobody-of-that-name").replace("{n}", "none").replace("{what}", "nothing")
        if method == "PUT":
            asked.ask(agent, method, address, raw=b"x", media_type="text/plain")
            continue
        asked.ask(agent, method, address + "?no-such-parameter=1", {} if method == "POST" else None)
        if method == "POST":
            asked.ask(agent, method, address, raw=b'{"a": ')
            asked.ask(agent, method, address, {"no-such-member": 1})
        elif "{" in path:
            asked.ask(agent, method, address)


@pytest.fixture
def office(network):
    """An IPWL, a clinic, the coordinator over both, and an office with an administrator."""
    made = [network.agent("ipwl-a", kind="ipwl", name="IPWL Aman"),
            network.agent("klinik-b", kind="clinic", services=["medical"], name="Klinik Bakti"),
            network.agent("koordinator", kind="coordinator", role="auditor"),
            network.agent("dinsos-c", kind="social-services", role="admin")]
    network.registrar("oversee", "koordinator", "ipwl-a", "klinik-b")
    network.publish()
    network.start_hub()
    return [agent.start() for agent in made]


def test_every_route_answers_as_the_document_says(network, office):
    taken = tour.play(network, *office)
    reached = {(answer.method, path_of(answer.method, answer.bare)) for answer in taken.answers
               if answer.status < 300}
    missing = sorted(set(operations()) - BEHIND_THE_DOOR - ENDLESS - reached)
    assert not missing, f"let stories/tour.py call {missing}"
    wrong = sorted({complaint for answer in taken.answers for complaint in check(answer)})
    assert not wrong, "bring docs/openapi.yaml and these answers together:\n" + "\n".join(wrong)


def test_every_path_refuses_what_is_wrong_in_the_same_form(network):
    ipwl = network.agent("ipwl-a", kind="ipwl")
    network.publish()
    ipwl.start(connected=False)
    asked = tour.Tour()
    bad_requests(asked, ipwl)
    accepted = [f"{answer.method} {answer.path}" for answer in asked.answers if answer.status < 400]
    assert not accepted, f"nothing is wrong with {accepted}?"
    wrong = sorted({complaint for answer in asked.answers for complaint in check(answer)})
    assert not wrong, "\n".join(wrong)
