"""A clinic that has no Jembatan: a printed letter with a code, answered by phone."""
from people import SA
from scene import find


def play(play):
    ipwl = play.agency("ipwl-pesona")
    play.heading("4. SA, 29 tahun: puskesmas yang belum tersambung menjawab lewat telepon",
                 "4. SA, 29: a health centre that is not connected answers by phone")
    case = play.intake(ipwl, SA, entry="self")
    ipwl.cli("contacts", "add", "@puskesmas-ratu", "--kind", "clinic", "--region", "17.71.03",
             "--name", "Puskesmas Ratu Agung (contoh)", "--phone", "+62736000031")
    play.consent(ipwl, case, "@puskesmas-ratu", "treatment", "health")
    number = ipwl.cli("refer", "--person", case, "--to", "@puskesmas-ratu", "--service", "medical",
                      "--reason", "Pemeriksaan awal")["number"]
    play.line(ipwl, f"{number}: formulir yang sama, jam yang sama / the same form, the same clock", "requested")
    play.screen(ipwl, "print", number, most=14)
    code = find(ipwl, number)["code"]
    ipwl.cli("answer", code, "accept", "--at", play.at(2, 10), "--place", "Poli umum", "--via", "phone",
             "--said-by", "Bidan Contoh")
    play.line(ipwl, f"kode {code}: diterima lewat telepon / accepted by phone, reported by us", "accepted")
    ipwl.cli("answer", code, "arrived", "--at", play.now(), "--via", "whatsapp", "--said-by", "Bidan Contoh")
    ipwl.cli("answer", code, "start", "--at", play.now(), "--class", "AMB", "--via", "whatsapp")
    ipwl.cli("answer", code, "complete", "--outcome", "fit", "--end", play.today(), "--via", "paper")
    play.line(ipwl, "surat balasan kembali: layak, lingkaran tertutup / the slip came back: fit",
              find(ipwl, number)["state"]["name"])
