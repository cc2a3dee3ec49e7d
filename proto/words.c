/*
 * Fingerprints in words, for reading over the phone.
 *
 * The list is part of the protocol: byte n of a hash is the n-th word, so it is never reordered.
 * Words are common Indonesian, at most nine letters, told apart by their first four letters, and no
 * two of them differ in one letter only.
 */
#include "jembatan/keys.h"

#include <stdio.h>

#define FINGERPRINT_WORDS 10

/* clang-format off */
static const char *const words[256] = {
	"abadi", "acar", "adat", "agung", "air", "akuarium", "alam", "alis",
	"alun", "aman", "ampas", "anak", "angin", "apel", "api", "arang",
	"aroma", "arsip", "arus", "asin", "aspal", "atap", "ayah", "badak",
	"bagus", "bahu", "bakpao", "bakso", "balok", "bambu", "bangku", "banjir",
	"bantal", "baris", "baskom", "batik", "bawang", "bayam", "bebek", "becak",
	"bedug", "belut", "benang", "bendera", "bengkel", "beras", "besi", "betis",
	"biji", "bintang", "bioskop", "biru", "bola", "boneka", "botol", "buah",
	"bubur", "budi", "buku", "bulan", "bunga", "burung", "cabai", "cacing",
	"cahaya", "candi", "cangkul", "capung", "celana", "cempaka", "cerah", "cerita",
	"cermin", "cicak", "cincin", "cobek", "cokelat", "corong", "cuaca", "dadu",
	"dapur", "daun", "delima", "delman", "dermaga", "desa", "dinding", "domba",
	"domino", "dongeng", "durian", "egrang", "elang", "elok", "emas", "ember",
	"embun", "emping", "engsel", "fajar", "gabus", "gading", "gajah", "gambar",
	"garam", "gelas", "gendang", "gerbang", "gerobak", "gesit", "gigi", "gitar",
	"gorden", "gula", "gunung", "gurita", "guru", "hadiah", "hakim", "halaman",
	"hamparan", "hangat", "harum", "hasil", "hati", "hidung", "hijau", "hujan",
	"ibu", "ijuk", "ikan", "ikhlas", "indah", "intan", "irama", "istana",
	"itik", "jahe", "jaket", "jalan", "janji", "jari", "jembatan", "jempol",
	"jendela", "jerami", "jeruk", "jujur", "kabut", "kaca", "kaki", "kambing",
	"kamera", "kancil", "kapal", "kasur", "kayu", "kebaya", "kebun", "kecap",
	"kelapa", "kelinci", "kemah", "kemiri", "kepala", "kerbau", "keris", "ketupat",
	"kilat", "kipas", "kolam", "kopi", "kota", "kucing", "kuda", "kunci",
	"kupu", "kursi", "labu", "ladang", "lampu", "langit", "laut", "lebah",
	"lemari", "lidah", "lilin", "logam", "lombok", "lumbung", "mangga", "mata",
	"meja", "melati", "minyak", "mobil", "monyet", "muara", "murid", "musim",
	"nanas", "nasi", "nelayan", "nenek", "nyiur", "obat", "obor", "ombak",
	"otak", "padi", "pagar", "paku", "panah", "pantai", "payung", "pedang",
	"perahu", "peta", "pintu", "pisang", "pohon", "pulau", "putih", "rakit",
	"rambut", "roda", "roti", "rumah", "rusa", "sabun", "salak", "sarung",
	"sawah", "sayur", "sendok", "sepatu", "sikat", "siput", "suling", "sungai",
	"surat", "susu", "tebu", "telur", "tikar", "tomat", "tulang", "ubi",
	"udang", "ular", "waduk", "wayang", "wortel", "yoyo", "zaitun", "zebra",
};
/* clang-format on */

char *fingerprint_words (const struct hash *hash, char text[FINGERPRINT_TEXT])
{
	size_t at = 0;

	for (size_t i = 0; i < FINGERPRINT_WORDS; i++)
		at += (size_t)snprintf (text + at, FINGERPRINT_TEXT - at, "%s%s",
					i > 0 ? " " : "", words[hash->b[i]]);
	return text;
}
