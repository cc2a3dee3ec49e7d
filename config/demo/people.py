"""People who do not exist.  The proof looks for what stands here where it must not be."""

DV = {"name": "Dewi Vandasari Contoh", "nik": "1771046203990001", "birth": "1999-03-22", "sex": "female",
      "finding": "lesi kulit sudah diobati dan tidak menular"}
RS = {"name": "Rangga Saputra Contoh", "nik": "1771041507960002", "birth": "1996-07-15", "sex": "male",
      "finding": "gemetar dan sulit tidur sejak tiga hari"}
BW = {"name": "Bagas Wirayuda Contoh", "nik": "1771051109940003", "birth": "1994-09-11", "sex": "male"}
LP = {"name": "Laras Puspawati Contoh", "nik": "1771046508010004", "birth": "2001-08-25", "sex": "female",
      "finding": "mengatakan ingin mengakhiri hidupnya malam ini"}
SA = {"name": "Surya Atmajaya Contoh", "nik": "1771042010970005", "birth": "1997-10-20", "sex": "male"}
PEOPLE = (DV, RS, BW, LP, SA)

HEALTH = "keluhan kulit yang perlu diperiksa dokter"
CANARIES = [person[key] for person in PEOPLE for key in ("name", "nik", "finding") if key in person] + [HEALTH]
