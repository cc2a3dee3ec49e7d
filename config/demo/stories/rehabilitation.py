"""The paper's client, DV, from her first urine panel to the end of aftercare: every loop is closed."""
from datetime import timezone

from network import wait_until
from people import DV, HEALTH
from scene import refused, wait_letter, wait_state

PANEL = ("code=19343-3,value=NEG,method=screen,cutoff=500,lot=RT-2611",
         "code=19554-5,value=POS,method=screen,cutoff=500,lot=RT-2611",
         "code=18282-4,value=NEG,method=screen,cutoff=50,lot=RT-2611")
CONFIRMED = ("code=19555-2,value=NEG,method=confirm,cutoff=250,lot=GC-0907",)
CLAUSES = (("klinik-pelita", "treatment", "health,identity"),
           ("klinik-pelita", "social-rehab", "health"),
           ("bnnk-bengkulu", "social-rehab", "health"),
           ("bnnk-bengkulu", "aftercare", "health,location"),
           ("dinsos-bengkulu", "training"))
CLEAN = ("code=19343-3,value=NEG,method=screen,cutoff=500,lot=RT-2702",
         "code=19554-5,value=NEG,method=screen,cutoff=500,lot=RT-2702")


def play(play):
    play.heading("1. DV, 27 tahun: dari tes urine pertama sampai bekerja",
                 "1. DV, 27: from the first urine test to a job")
    ipwl = play.agency("ipwl-pesona")
    case = play.intake(ipwl, DV, entry="family")
    play.line(ipwl, f"penerimaan awal klien {case} / intake")
    for clause in CLAUSES:
        play.consent(ipwl, case, *clause)
    play.line(ipwl, f"persetujuan: {len(CLAUSES)} klausul, masing-masing satu penerima dan tujuan / clauses of consent")
    urine(play, case, "baseline", PANEL, CONFIRMED)
    number, theirs = medical(play, case)
    plan_too_early(play, case)
    clearance(play, number, theirs)
    assessment(play, case)
    conference(play, case)
    plan(play, case)
    training(play, case)
    termination(play, case)
    return case


def urine(play, case, occasion, panel, confirmed=None):
    """A positive screen is presumptive until it is confirmed."""
    ipwl, clinic = play.agency("ipwl-pesona"), play.agency("klinik-pelita")
    number, theirs = play.sends(ipwl, clinic, "order", "--person", case, "--to", clinic.id,
                                "--occasion", occasion, "--panel", "65750-2", "--observed", "ya")
    play.line(ipwl, f"{number}: meminta tes urine ({occasion}) / orders a urine panel", "requested")
    answers = [word for row in panel for word in ("--analyte", row)]
    clinic.cli("send", "lab.result", theirs, "--occasion", occasion, "--collected", play.now(), *answers)
    wait_state(ipwl, number, "reported")
    if confirmed is None:
        play.line(ipwl, "hasil: semua negatif / result: all negative", "reported")
    else:
        play.line(ipwl, "hasil: satu positif, sementara sampai dikonfirmasi / one positive, presumptive", "reported")
        ipwl.cli("send", "lab.confirm", number, "--code", "19555-2")
        wait_letter(clinic, theirs, "lab.confirm")
        answers = [word for row in confirmed for word in ("--analyte", row)]
        clinic.cli("send", "lab.result", theirs, "--occasion", occasion, "--collected", play.now(), *answers)
        wait_letter(ipwl, number, "lab.result")
        play.line(clinic, "konfirmasi: negatif / confirmed: negative", "reported")
    ipwl.cli("send", "lab.close", number, "--follow-up", "noted")
    wait_state(ipwl, number, "completed")


def medical(play, case):
    ipwl, clinic = play.agency("ipwl-pesona"), play.agency("klinik-pelita")
    number, theirs = play.sends(ipwl, clinic, "refer", "--person", case, "--to", clinic.id, "--service", "medical",
                                "--reason", "Perlu pemeriksaan sebelum program sosial dimulai",
                                "--goal", "Keterangan layak mengikuti program", "--health", HEALTH)
    play.line(ipwl, f"rujukan {number} dikirim ke {clinic.name} / referral sent", "requested")
    clinic.cli("show", theirs)
    wait_state(ipwl, number, "received")
    play.line(ipwl, "terlihat: dibuka petugas klinik / opened by a person there", "received")
    clinic.cli("accept", theirs, "--at", play.at(2), "--place", "Poli umum, lantai 1")
    clinic.cli("arrived", theirs, "--at", play.now())
    clinic.cli("start", theirs, "--at", play.now(), "--class", "AMB", "--responsible", "dr. Contoh")
    wait_state(ipwl, number, "in-progress")
    play.line(clinic, "janji temu, klien hadir, layanan dimulai / appointment, arrival, start", "in-progress")
    return number, theirs


PLAN = ("--goal", "Pulih dan bekerja", "--report-by", "{month}",
        "--task", "text=Kelompok dukungan keluarga,owner=Peksos Pesona,due={month},group=family",
        "--task", "text=Kontrol kulit,owner=dr. Contoh,agency=klinik-pelita,due={week},group=partner",
        "--task", "text=Pelatihan kerja,owner=Dinas Sosial,agency=dinsos-bengkulu,due={month},group=government",
        "--no-community", "Menunggu persetujuan keluarga", "--component", "vocational")


def plan_words(play, case):
    days = {"week": play.today(7), "month": play.today(30)}
    return ["plan", "--person", case, "--to", "klinik-pelita", *(word.format(**days) for word in PLAN)]


def plan_too_early(play, case):
    """Intervention waits for the doctor's word and for an assessment."""
    ipwl = play.agency("ipwl-pesona")
    refused(ipwl, "GATE", *plan_words(play, case))
    play.line(ipwl, "rencana ditahan: menunggu dokter dan asesmen / a plan waits for doctor and assessment")


def clearance(play, number, theirs):
    ipwl, clinic = play.agency("ipwl-pesona"), play.agency("klinik-pelita")
    clinic.cli("report", theirs, "--text", "Pemeriksaan selesai", "--finding", DV["finding"])
    clinic.cli("send", "medical.clearance", theirs, "--clearance", "fit-with-treatment", "--on", play.today(),
               "--valid-to", play.today(90))
    clinic.cli("complete", theirs, "--outcome", "fit-with-treatment", "--end", play.today())
    wait_state(ipwl, number, "completed")
    play.line(ipwl, "lingkaran tertutup: layak dengan pengobatan / loop closed: fit with treatment", "completed")


def assessment(play, case):
    ipwl, bnnk = play.agency("ipwl-pesona"), play.agency("bnnk-bengkulu")
    number, theirs = play.sends(ipwl, bnnk, "assess", "--person", case, "--to", bnnk.id, "--instrument", "ASI",
                                "--reason", "Menentukan pola layanan")
    bnnk.cli("send", "assessment.accept", theirs, "--at", play.at(3))
    bnnk.cli("send", "assessment.summary", theirs, "--on", play.today(), "--diagnosis", "F15.1", "--level", "AMB",
             "--severity", "domain=drugs,score=4", "--severity", "domain=family-social,score=3",
             "--need", "Pekerjaan tetap", "--strength", "Didukung ibu")
    wait_state(ipwl, number, "completed")
    play.line(bnnk, "ringkasan asesmen ASI, saran rawat jalan / assessment summary, outpatient", "completed")


def conference(play, case):
    """Silence is not consent: each invited agency says yes, yes with a change, or no."""
    ipwl = play.agency("ipwl-pesona")
    invited = []
    for id, answer in (("klinik-pelita", ("conference.agree",)),
                       ("bnnk-bengkulu", ("conference.agree-with-change", "--change", "Mulai pukul sepuluh"))):
        agency = play.agency(id)
        number, theirs = play.sends(ipwl, agency, "invite", "--person", case, "--to", id, "--at", play.at(4),
                                    "--mode", "remote", "--agenda", "Pola layanan dan rencana intervensi")
        agency.cli("send", answer[0], theirs, *answer[1:])
        wait_state(ipwl, number, "accepted")
        invited.append((agency, number, theirs))
    play.line(ipwl, "pembahasan kasus: setuju, dan setuju dengan perubahan / conference: agreed, and with a change")
    for agency, number, theirs in invited:
        ipwl.cli("send", "conference.result", number, "--on", play.today(), "--decision", "AMB",
                 "--attendee", "agency=klinik-pelita,agrees=yes", "--attendee", "agency=bnnk-bengkulu,agrees=yes")
        wait_state(agency, theirs, "decided")
        agency.cli("send", "conference.confirm", theirs)
        wait_state(ipwl, number, "completed")
    play.line(ipwl, "keputusan rawat jalan, dikonfirmasi keduanya / outpatient, confirmed by both", "completed")


def plan(play, case):
    ipwl, clinic = play.agency("ipwl-pesona"), play.agency("klinik-pelita")
    number, theirs = play.sends(ipwl, clinic, *plan_words(play, case))
    clinic.cli("send", "plan.accept", theirs)
    clinic.cli("send", "plan.task.update", theirs, "--task", f"text=Kontrol kulit,status=done,on={play.today()}")
    wait_letter(ipwl, number, "plan.task.update")
    play.line(clinic, "rencana diterima, tugasnya selesai / plan accepted, its task done", "in-progress")
    ipwl.cli("send", "plan.close", number, "--outcome", "reached")
    wait_state(ipwl, number, "completed")


def training(play, case):
    """Nothing tells the training centre where she comes from: social services enrol her."""
    ipwl, dinsos, blk = map(play.agency, ("ipwl-pesona", "dinsos-bengkulu", "blk-bengkulu"))
    refused(ipwl, "NOT_ALLOWED", "enrol", "--person", case, "--to", blk.id, "--aim", "course", "--skill", "Menjahit",
            "--level", "basic", "--start", play.today(7), "--contact", "Peksos", "--phone", "+62736000001")
    play.line(ipwl, "tidak boleh mendaftar sendiri: namanya memberi tahu / its own name would tell")
    number, theirs = play.sends(ipwl, dinsos, "refer", "--person", case, "--to", dinsos.id, "--service", "training",
                                "--reason", "Berminat menjahit")
    dinsos.cli("show", theirs)
    here = dinsos.cli("show", theirs)["person"]["number"]
    dinsos.cli("accept", theirs, "--at", play.at(1), "--place", "Loket 3")
    play.consent(dinsos, here, blk.id, "training")
    mine, there = play.sends(dinsos, blk, "enrol", "--person", here, "--to", blk.id, "--about", theirs,
                             "--aim", "course", "--skill", "Menjahit", "--level", "basic", "--start", play.today(7),
                             "--contact", "Loket 3 Dinas Sosial", "--phone", "+62736000009")
    play.line(dinsos, "mendaftarkan peserta: nama dan minat, tidak lebih / enrols: a name and a skill, no more")
    blk.cli("send", "training.accept", there, "--start", play.today(7), "--module", "named",
            "--module-note", "Menjahit dasar 1")
    blk.cli("send", "training.session", there, "--planned", play.at(7, 8), "--actual", play.at(7, 9), "--late", "60",
            "--cancelled", "tidak", "--attended", "ya")
    blk.cli("send", "training.certificate", there, "--number", "BLK/2026/118", "--skill", "Menjahit dasar",
            "--hours", "80", "--issuer", "BNSP")
    play.line(blk, "instruktur terlambat 60 menit; lulus bersertifikat / late instructor; certificate", "certified")
    blk.cli("send", "placement.report", there, "--employer", "Konveksi Melati", "--role", "Penjahit",
            "--start", play.today(20))
    wait_state(dinsos, mine, "placed")
    play.line(blk, "penempatan kerja; dicek setelah 1, 3 dan 6 bulan / placed; checked after 1, 3 and 6 months", "placed")
    dinsos.cli("arrived", theirs, "--at", play.now())
    dinsos.cli("start", theirs, "--at", play.now(), "--class", "AMB")
    dinsos.cli("complete", theirs, "--outcome", "completed", "--end", play.today())
    wait_state(ipwl, number, "completed")
    play.line(ipwl, "tahu bahwa klien bekerja: lingkaran tertutup / knows that she works: loop closed", "completed")


TERMINATION = ("--outcome", "completed", "--client-signed", "ya", "--family-signed", "ya", "--worker-signed", "ya",
               "--client", "done", "--family", "done", "--education", "not-needed",
               "--education-why", "Sudah lulus sekolah", "--work", "done",
               "--community", "not-done", "--community-why", "Tokoh masyarakat belum sempat ditemui",
               "--family-sessions", "2", "--relapse-card", "ya")


def termination(play, case):
    """Not without the exit urine; what was not prepared says why."""
    ipwl, bnnk = play.agency("ipwl-pesona"), play.agency("bnnk-bengkulu")
    words = ["terminate", "--person", case, "--to", bnnk.id, "--on", play.today(), "--told", play.today(), *TERMINATION]
    refused(ipwl, "GATE", *words)
    play.line(ipwl, "terminasi ditahan: belum ada tes urine akhir / termination waits for the exit urine")
    urine(play, case, "exit", CLEAN)
    number, theirs = play.sends(ipwl, bnnk, *words)
    bnnk.cli("send", "termination.acknowledge", theirs)
    wait_state(ipwl, number, "completed")
    play.line(ipwl, "lembar terminasi diterima; penyiapan masyarakat belum, dengan alasan / sheet acknowledged", "completed")


def reminded(play, agency, kind):
    """Until the day's list of the agency says that this letter is to be written now."""
    now = play.network.clock.now().astimezone(timezone.utc).isoformat()
    return wait_until(f"pengingat / reminder {kind}", lambda: [
        reminder for reminder in agency.cli("reminders") if reminder["kind"] == kind and reminder["due"] <= now])


def aftercare(play, case):
    """Four months, a check-in each; the reminder comes by itself."""
    ipwl, bnnk = play.agency("ipwl-pesona"), play.agency("bnnk-bengkulu")
    play.heading("6. DV: empat bulan bina lanjut", "6. DV: four months of aftercare")
    number, theirs = play.sends(ipwl, bnnk, "aftercare", "--person", case, "--to", bnnk.id, "--start", play.today(),
                                "--months", "4", "--contacts", "name=Ibu Contoh,relation=parent,knows=yes")
    bnnk.cli("send", "aftercare.accept", theirs, "--responsible", "Konselor Contoh")
    play.line(bnnk, "menerima jadwal empat kunjungan / accepts four check-ins", "accepted")
    for month, craving in enumerate((3, 2, 1, 1), 1):
        play.later("sebulan kemudian", "a month later", days=31 if month == 1 else 30)
        reminded(play, bnnk, "aftercare.checkin")
        bnnk.cli("send", "aftercare.checkin", theirs, "--on", play.today(), "--reached", "ya", "--mode", "in-person",
                 "--self-efficacy", "3", "--expectancy", "3", "--motivation", "4", "--coping", "3", "--emotions", "3",
                 "--craving", str(craving), "--support", "4", "--supporter", "yes", "--occupation", "working")
        play.line(bnnk, f"kunjungan {month}: dihubungi, sugesti {craving} dari 4 / check-in {month}: reached", "in-progress")
    bnnk.cli("send", "aftercare.complete", theirs, "--end", play.today(), "--outcome", "stable")
    wait_state(ipwl, number, "completed")
    play.line(ipwl, "bina lanjut selesai: semua lingkaran tertutup / aftercare completed: every loop closed", "completed")
