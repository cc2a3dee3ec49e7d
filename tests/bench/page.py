"""docs/BENCHMARKS.md: the figures, what was measured, and on what."""

import statistics
import time

import agents
import machine
import measures
import peers
import town
from rounds import number

SIGNS = {">=": "≥", "<=": "≤"}


def wish(value, goal):
    if goal is None:
        return ""
    sign, wanted = goal
    met = value >= wanted if sign == ">=" else value <= wanted
    return f"{SIGNS[sign]} {number(wanted)}" + ("" if met else " **missed**")


def line(row, values):
    middle = statistics.median(values)
    spread = f"{number(min(values))} – {number(max(values))}" if len(values) > 1 else "once"
    unit = f" {row.unit}" if row.unit else ""
    return (f"| {row.what} | {number(middle)}{unit} | {spread} | {wish(middle, row.reach)} | "
            f"{wish(middle, row.aim)} |")


def table(results, taken):
    """A row without a figure says so, and so does a measure that gave none."""
    lines = ["| figure | median | least – most | reach | aim |", "|---|---|---|---|---|"]
    for measure in taken:
        if measure.name in results.failed:
            lines.append(f"| {measure.name} | **not measured** | {plain(results.failed[measure.name])}"
                         " |  |  |")
        for row in measure.rows:
            values = results.values(measure, row)
            if values:
                lines.append(line(row, values))
            elif measure.name not in results.failed and "hour" in row.figure:
                lines.append(f"| {row.what} | – | `make bench-long` | {wish(0, row.reach)} | "
                             f"{wish(0, row.aim)} |")
    return "\n".join(lines)


def plain(text):
    return text.replace("|", "/").replace("\n", " ")


def hub_speed(results):
    """(workload, slow) -> the hub's median speed in this run, or None."""
    by_name = {each.name: each for each in measures.MEASURES}

    def speed(work, slow):
        measure = by_name.get(work + slow)
        figure = "hub drain_per_s" if work == "W4" else f"hub {measures.SPEED}"
        values = results.values(measure, measures.Row("", figure)) if measure else []
        return statistics.median(values) if values else None
    return speed


def peer_section(results):
    rows = peers.table(results, hub_speed(results))
    return f"""
## Other brokers

The drivers of `PEERS` ran the same workloads once, each right behind the hub's, with data in new folders
below /var/tmp (or `BENCH_TMP`), over their own client libraries, with a thread for each agency and
without the hub's encryption; their messages are of 1 KiB, a letter with header and seal is of 1.3. *2 ms more*: every flush takes so much longer; {peers.SLOW_LETTERS:,} letters.
The name says which setting it is; one that acknowledges before it flushes (`everysec`, mosquitto, NATS)
promises less than the hub does. The hub must be faster than `redis-streams-always` and RabbitMQ in W1,
and than RabbitMQ in W3. W4's speed is that of draining.

{rows}
""" if rows else ""


def list_table():
    lines = ["| list | p50 | p99 | longest |", "|---|---|---|---|"]
    lines += [f"| {each['name']} | " + " | ".join(f"{each[figure]:.1f} ms" for figure in
              ("p50_ms", "p99_ms", "max_ms")) + " |" for each in agents.lists]
    return "\n".join(lines)


def ledger_section():
    return f"""
## The large ledger

`tests/bench/bench_ledger_build.c` makes it: {agents.PEOPLE:,} people, a referral of ten entries for each,
seven of them letters of about 440 to 820 bytes whose evidence stands in inbox or outbox as well, a clause,
clocks and alarms; one referral in ten is open, and one person has two thousand letters more. Lives run
side by side, so that what belongs to one person is scattered over the file. The file's size counts
all of that, not the entries alone.

Lists are asked 200 times each, as the api answers them: handler and JSON text, without HTTP; a late
page is the last, or the one behind 80,000 rows. A received letter is opened, decoded, verified, given
to the desk (which makes its person, its thread, clocks, entry, inbox row and receipt), and committed;
its person is new each time. The check runs as in the daemon: begun through the api, carried on by its
loop in slices of 15 ms with a pause after each, until the api says that it has ended. The letters whose
signatures are verified are those that the empty ledger received.

{list_table()}
""" if agents.lists else ""


def write(results, taken, command, seconds, load_average, tmp, folder_of_peers):
    about = [*machine.lines(tmp), *(peers.versions() if folder_of_peers else []),
             f"load average at the start: {load_average:.2f}"]
    if load_average > 0.5:
        about[-1] += "; **others used the machine too**"
    return f"""# Benchmarks

Written by `{command}` on {time.strftime('%Y-%m-%d')}: {len(results.rounds)} rounds that took turns,
{seconds:.0f} s. Speed depends on the machine and on what else runs there; the ratios are what counts,
each taken within its round. *Reach* is what a release must hold, *aim* what is wished for; *once*
stands where one round is enough.

{table(results, taken)}
{peer_section(results)}
## What was measured

`tests/bench/bench_load.c` is the load: senders in one thread and recipients in another, each agency
with a CURVE connection of its own, on the processors that the broker uses too; nothing is pinned, and
hub and bare brokers have one I/O thread. Letters are of 1 KiB and pass for sealed ones (own header and
id each, random ciphertext), which no broker can tell. A letter counts when its sender has the
acknowledgement, and its recipient the letter and has confirmed it; the clock starts when all are
connected. A recipient offers the hub the largest window it will use. Every broker begins with an empty
store, and each round turns the order round.

- **W1**: one pair, 50,000 letters, 1,000 unanswered at most, confirmed in batches of 50.
- **W1, 2 and 20 ms more**: every `fsync` and `fdatasync` of the broker takes so much longer
  (`tests/bench/slow_sync.c`, preloaded); with 20 ms {measures.SLOW_LETTERS[20]:,} letters.
- **W1 with the agencies' crypto**: {measures.CRYPTO_LETTERS:,} letters, each sealed and signed when it is sent,
  opened and verified when it comes (`envelope_seal`, `header_decode`, `envelope_open`,
  `envelope_verify`); each batch of 50 is receipted by one letter that is sealed, signed, carried back
  by the same broker, opened and verified. No ledger: that is *Referrals received*.
- **W2**: one pair, one letter in flight, 2,000 letters; the next goes when the last one was confirmed.
- **W3**: 100 senders to 100 recipients, 500 letters each, 10 unanswered at most.
- **W4**: 200,000 letters wait for a recipient that is away, then it comes and drains them. Memory is
  proportional set size.
- **Agents at once**: each with its own key; *connected* when all have said HELLO and have WELCOME.
  Then the broker is killed and started, and the clock runs from its start until all have it again.
- **Backup**: {measures.BACKUP_LETTERS:,} letters wait in the store; `jembatan-hubctl backup` writes it encrypted to
  another folder of the same disk and reads it back, in slices between the letters; MiB are those of the archive.
- **Mixed load**: {town.PAIRS} pairs put letters of all classes and of 1, 4 and 16 KiB, for {town.BURST_SECONDS} s as fast as
  they can, so that whatever may pile up has, and then {town.LETTERS_PER_S} a second;
  {town.GUESTS} agencies come and go, an IPWL refers people to a clinic, which answers, some with a file of
  {town.FILE_BYTES // 1000} kB, and both hub and clinic are backed up now and then, for
  {measures.SOAK_MINUTES:g} min. The slope of resident memory is a line through the last two thirds of the time; it is
  given from {measures.SOAK_COUNTS} min on (`make bench-long`: half an hour).

The bare brokers (`tests/bench/bench_broker.c`) are a CURVE ROUTER that commits everything that has
arrived at once with one flush, and then answers and forwards. They check nothing, hash nothing, sign
nothing and know no members. One appends to a file that was written beforehand; of a letter that is
stored another record says so, and nothing is ever freed. The other keeps one row for a letter in
SQLite with the hub's settings and deletes it. The bare door (`tests/bench/bench_door.c`) looks a key
up in a table and sends each frame back.

The agents' figures:

- **Sealed and opened**: a letter with every field filled is encoded and sealed, then opened,
  decoded and verified.
- **Referrals received**: {agents.REFERRALS:,} referrals, each of a new person and with a clause of its
  own, wait sealed at a peer; the clock runs from the first Put until the peer holds the agent's
  signed receipt for the last one, through a real hub and a real agent.
- **Idle memory**: hub and agent connected for {agents.IDLE_SECONDS} s with nothing to do.
{ledger_section()}
## The machine

{chr(10).join(f"- {each}" for each in about)}
"""
