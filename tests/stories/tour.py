"""A tour of the api: one story at an IPWL, a clinic, their coordinator and an office that calls every route at least
once, and keeps what was asked and answered."""

import contextlib
import http.client
import json
import socket
import uuid
from dataclasses import dataclass

from stories import desk
from stories.waiting import wait_for


@dataclass
class Answer:
    agent: object
    method: str
    path: str          # with the query
    status: int
    body: object       # Python values, or bytes of a file
    headers: dict

    @property
    def bare(self):
        return self.path.split("?")[0]


class Tour:
    def __init__(self):
        self.answers = []

    def ask(self, agent, method, path, body=None, raw=None, media_type="application/json"):
        """One request, kept; `raw` is sent as it is."""
        connection = http.client.HTTPConnection("localhost", timeout=30)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(30)
        connection.sock.connect(str(agent.socket))
        data = raw if raw is not None else None if body is None else json.dumps(body)
        with contextlib.suppress(BrokenPipeError):   # an upload may be refused before its bytes are sent
            connection.request(method, path, data, {"Content-Type": media_type} if data is not None else {})
        reply = connection.getresponse()
        content = reply.read()
        connection.close()
        if reply.headers.get_content_type() == "application/json":
            content = json.loads(content)
        answer = Answer(agent, method, path, reply.status, content, dict(reply.headers))
        self.answers.append(answer)
        return answer

    def get(self, agent, path):
        answer = self.ask(agent, "GET", path)
        assert answer.status == 200, answer
        return answer.body

    def post(self, agent, path, body, status):
        answer = self.ask(agent, "POST", path, body)
        assert answer.status == status, answer
        return answer.body


def play(network, ipwl, clinic, coordinator, office):
    """Calls every route; gives the tour."""
    tour = Tour()
    begin(tour, ipwl)
    person = people(tour, ipwl)
    referral = referrals(tour, network, ipwl, clinic, person)
    own_work(tour, ipwl, person)
    off_the_wire(tour, ipwl, clinic, person)
    files(tour, ipwl, clinic, person)
    lists(tour, ipwl, clinic)
    chains(tour, coordinator)
    door(tour, office, coordinator)
    alarm(tour, ipwl, clinic, person)
    after(tour, network, ipwl, person, referral)
    return tour


def begin(tour, ipwl):
    tour.post(ipwl, "/v1/unlock", {"passphrase": "nobody asks for one here"}, 200)
    for path in ("/v1/session", "/v1/status", "/v1/catalogue", "/v1/catalogue/check", "/v1/catalogue/print",
                 "/v1/catalogue/diagram?thread=lab", "/v1/partners", "/v1/partners?near=17.71&limit=1",
                 "/v1/partners/klinik-b", "/v1/contacts", "/v1/people", "/v1/today", "/v1/due", "/v1/reminders",
                 "/v1/capacity", "/v1/alarms", "/v1/staff", "/v1/backup", "/v1/referrals",
                 "/v1/holidays", "/v1/templates", "/v1/queue", "/v1/releases"):
        tour.get(ipwl, path)


def people(tour, ipwl):
    made = tour.post(ipwl, "/v1/people", {
        "name": desk.NAME, "nik": desk.NIK, "birth_date": "1999-03-12", "sex": "female", "region": "99.71.04",
        "phone": "0812-3456-7890", "safe_to_call": "yes", "may_leave_message": "no"}, 201)
    person = made["id"]
    tour.post(ipwl, "/v1/people/search", {"words": made["number"]}, 200)
    tour.get(ipwl, f"/v1/people/{person}")
    tour.post(ipwl, f"/v1/people/{person}/looks", {"reason": "pendamping baru"}, 200)
    tour.get(ipwl, f"/v1/people/{person}/looks")
    tour.post(ipwl, f"/v1/people/{person}/reveal", {"reason": "pendaftaran BPJS"}, 200)
    tour.post(ipwl, f"/v1/people/{person}/consents", {"clauses": [
        {"recipient": "klinik-b", "purpose": "treatment", "labels": ["health", "identity"]},
        {"recipient_kind": "clinic", "recipient_region": "17.71", "purpose": "aftercare", "labels": []}]}, 201)
    tour.get(ipwl, f"/v1/people/{person}/consents")
    return person


def referrals(tour, network, ipwl, clinic, person):
    wish = {"person": person, "to": "klinik-b", "service": "medical", "urgency": "urgent",
            "answers": {"reason": "Perlu pemeriksaan dokter", "summary.health": desk.HEALTH}}
    tour.post(ipwl, "/v1/referrals/preview", {**wish, "to": "klinik-b", "service": "legal"}, 200)
    shown = tour.post(ipwl, "/v1/referrals/preview", wish, 200)
    assert shown["refusal"] is None
    number = tour.post(ipwl, "/v1/referrals", wish, 202)["number"]
    theirs = desk.wait_arrival(clinic)
    accept = {"kind": "referral.accept", "answers": {"appointment.start": desk.in_days(1), "appointment.place": "Poli 2"}}
    tour.get(clinic, f"/v1/referrals/{theirs}")
    tour.post(clinic, f"/v1/referrals/{theirs}/letters/preview", accept, 200)
    tour.post(clinic, f"/v1/referrals/{theirs}/letters", accept, 202)
    desk.wait_state(ipwl, number, "accepted")
    tour.get(ipwl, "/v1/today")
    tour.get(clinic, "/v1/today")
    tour.get(clinic, "/v1/due?mine=1")
    tour.get(clinic, "/v1/people")
    tour.get(ipwl, f"/v1/referrals/{number}")
    tour.get(ipwl, f"/v1/referrals/{number}/timeline")
    tour.get(ipwl, f"/v1/people/{person}/timeline")
    tour.get(ipwl, "/v1/referrals?box=open&limit=1")
    tour.get(ipwl, "/v1/partners/klinik-b")
    tour.get(ipwl, f"/v1/people/{person}/disclosures")
    return number


def own_work(tour, ipwl, person):
    """What the agency does itself: a laboratory test and aftercare."""
    def begin_here(kind, answers):
        return tour.post(ipwl, "/v1/referrals", {"kind": kind, "person": person, "to": ipwl.id,
                                                 "answers": answers}, 202)["number"]

    def note(number, kind, answers):
        tour.post(ipwl, f"/v1/referrals/{number}/reported", {"kind": kind, "via": "own", "answers": answers}, 202)

    lab = begin_here("lab.order", {"occasion": "baseline", "panel": "24357-6"})
    note(lab, "lab.result", {"occasion": "baseline", "collected-at": desk.in_days(-1), "analyte": [
        {"code": "19295-5", "value": "POS", "method": "screen", "cutoff": "1000"}]})
    tour.get(ipwl, f"/v1/referrals/{lab}")
    care = begin_here("aftercare.schedule", {"start": "2026-01-01", "months": 3})
    note(care, "aftercare.accept", {"responsible": "Rina", "first-contact": "2026-01-03"})
    note(care, "aftercare.checkin", {"on": "2026-01-30", "reached": True, "mode": "phone"})
    tour.get(ipwl, f"/v1/people/{person}")
    tour.get(ipwl, "/v1/people?stage=aftercare&mine=1&open=1")


def off_the_wire(tour, ipwl, clinic, person):
    contact = {"id": "@puskesmas-ratu", "kind": "clinic", "region": "17.71", "name": "Puskesmas Ratu",
               "services": "medical", "phone": "0736-21000"}
    tour.post(ipwl, "/v1/contacts", contact, 201)
    tour.get(ipwl, "/v1/contacts")
    tour.get(ipwl, "/v1/contacts/@puskesmas-ratu")
    tour.get(ipwl, "/v1/partners/@puskesmas-ratu")
    tour.post(ipwl, f"/v1/people/{person}/consents", {"clauses": [
        {"recipient_kind": "clinic", "recipient_region": "17.71", "purpose": "treatment", "labels": ["health"]}]}, 201)
    number = tour.post(ipwl, "/v1/referrals", {"person": person, "to": "@puskesmas-ratu", "service": "medical",
                                               "answers": {"reason": "Vaksinasi"}}, 202)["number"]
    tour.get(ipwl, f"/v1/referrals/{number}/paper?format=text")
    tour.post(ipwl, f"/v1/referrals/{number}/reported", {
        "kind": "referral.accept", "via": "phone", "said_by": "Bidan Sri", "answers": {
            "appointment.start": desk.in_days(2), "appointment.place": "KIA"}}, 202)
    tour.get(ipwl, f"/v1/referrals/{number}")
    tour.get(ipwl, f"/v1/people/{person}/disclosures")
    tour.post(ipwl, "/v1/contacts/@puskesmas-ratu/enrolled", {"agency": "klinik-b"}, 200)
    tour.post(ipwl, f"/v1/referrals/{number}/to-wire", {}, 202)


def files(tour, ipwl, clinic, person):
    upload = str(uuid.uuid4())
    put = tour.ask(ipwl, "PUT", f"/v1/attachments/{upload}?person={person}", raw=b"hasil " * 100,
                   media_type="text/plain")
    assert put.status == 200, put
    number = tour.post(ipwl, "/v1/referrals", {
        "person": person, "to": "klinik-b", "service": "medical", "answers": {
            "reason": "Hasil foto", "documents": [{"attachment": upload, "title": "foto.txt", "label": "health"}]}},
        202)["number"]
    tour.get(ipwl, f"/v1/attachments/{upload}")
    tour.get(ipwl, f"/v1/referrals/{number}")
    here = wait_for(lambda: [each for each in arrived_files(clinic) if each["state"] == "here"], 60,
                    lambda: f"no file at the clinic: {arrived_files(clinic)}")
    tour.get(clinic, f"/v1/attachments/{here[0]['number']}/content")
    tour.get(ipwl, f"/v1/people/{person}")


def arrived_files(agent):
    return [each for thread in agent.api("GET", "/v1/referrals")["items"]
            for each in agent.api("GET", f"/v1/referrals/{thread['number']}")["attachments"]]


def lists(tour, ipwl, clinic):
    table = "nama,nik,tanggal_bebas,jenis,wilayah\nBagas Wirayuda,1771051109940003,{},PB,17.71\nX,1,{},PB,17.71\n"
    day = desk.in_days(45)[:10]
    text = table.format(day, day)
    for commit in (False, True):
        tour.post(ipwl, "/v1/imports/releases", {"format": "csv", "text": text, "commit": commit, "skip_bad": True}, 200)
    released = tour.get(ipwl, "/v1/releases?within=60")["items"]
    assert len(released) == 1 and released[0]["thread"] is None
    reminders = tour.get(ipwl, "/v1/reminders?limit=1")["items"]
    tour.post(ipwl, f"/v1/reminders/{reminders[0]['n']}/done", {"reason": "sudah diberi tahu"}, 200)
    tour.post(ipwl, "/v1/imports/staff", {"text": "nama,jabatan\nRina,pekerja sosial\n", "commit": True}, 200)
    tour.get(ipwl, "/v1/staff")
    places = {"service": "medical", "answers": {"free": 3, "total": 10}, "to": ["ipwl-a"]}
    tour.post(clinic, "/v1/capacity", places, 202)
    ipwl.wait_api("/v1/capacity", lambda said: said["items"])
    tour.get(ipwl, "/v1/capacity?service=medical&near=17.71")
    tour.get(ipwl, "/v1/partners/klinik-b")


def chains(tour, coordinator):
    coordinator.wait_api("/v1/chains", lambda said: said["items"], 40)
    listed = tour.get(coordinator, "/v1/chains")["items"]
    tour.get(coordinator, "/v1/chains?late=1")
    tour.get(coordinator, "/v1/chains/summary")
    tour.get(coordinator, "/v1/chains/export")
    tour.get(coordinator, f"/v1/chains/{listed[0]['id']}")
    for form in ("text", "json", "csv"):
        tour.get(coordinator, f"/v1/chains/{listed[0]['id']}/export?format={form}&lang=id")


def door(tour, office, coordinator):
    """What an administrator does with accounts and keys, and an auditor sees of it."""
    made = tour.post(office, "/v1/accounts", {"account": "rina", "name": "Rina", "role": "caseworker"}, 201)
    account = f"/v1/accounts/{made['id']}"
    tour.post(office, account, {"role": "clinician"}, 200)
    tour.post(office, f"{account}/reset", {"what": "password"}, 200)
    tour.get(office, "/v1/accounts")
    tour.post(office, f"{account}/sessions/end", {}, 200)
    tour.post(office, f"{account}/dismiss", {}, 200)
    key = tour.post(office, "/v1/keys", {"name": "simrs", "role": "clinician", "scopes": ["status", "findings"],
                                         "kinds": ["lab.result"]}, 201)
    tour.get(office, "/v1/keys")
    tour.post(office, f"/v1/keys/{key['id']}/end", {}, 200)
    tour.get(coordinator, "/v1/looks")
    tour.get(coordinator, "/v1/door")


def alarm(tour, ipwl, clinic, person):
    """A risk alert rings where it arrives."""
    tour.post(ipwl, "/v1/referrals", {"kind": "risk.alert", "person": person, "to": "klinik-b", "answers": {
        "type": "overdose", "seen-at": desk.now(), "district": "17.71.04", "action": "Ditemani",
        "contact.name": "Rina", "contact.phone": "0812-3456-7890"}}, 202)
    clinic.wait_api("/v1/alarms", lambda said: said["items"], 40)
    ringing = tour.get(clinic, "/v1/alarms")["items"][0]
    tour.post(clinic, f"/v1/alarms/{ringing['n']}/close", {}, 200)


def after(tour, network, ipwl, person, referral):
    tour.post(ipwl, f"/v1/referrals/{referral}/evidence", {"reason": "audit tahunan"}, 200)
    tour.get(ipwl, "/v1/looks")
    tour.post(ipwl, "/v1/verify", {}, 202)
    wait_for(lambda: not tour.get(ipwl, "/v1/verify")["running"], 60, "the check goes on")
    folder = network.folder / "cadangan"
    folder.mkdir()
    tour.post(ipwl, "/v1/backup", {"folder": str(folder)}, 202)
    wait_for(lambda: not tour.get(ipwl, "/v1/backup")["running"], 60, "the backup goes on")
    taken = tour.post(ipwl, "/v1/referrals", {"person": person, "to": "klinik-b", "service": "medical",
                                              "answers": {"reason": "keliru"}}, 202)["number"]
    tour.post(ipwl, f"/v1/referrals/{taken}/recall", {}, 202)
    tour.post(ipwl, f"/v1/people/{person}/consents/withdraw", {"all": True}, 202)
    for path in (f"/v1/people/{person}", f"/v1/people/{person}/disclosures", f"/v1/people/{person}/consents",
                 f"/v1/referrals/{referral}", "/v1/status", "/v1/queue", "/v1/due", "/v1/alarms"):
        tour.get(ipwl, path)
