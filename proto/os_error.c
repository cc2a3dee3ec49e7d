/* The reasons that an operator meets, and problems that end in one. */
#include "proto/os_error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <zmq.h>

/* clang-format off */
static const struct { int number; const char *id, *en; } reasons[] = {
	{ EPERM,           "tidak diizinkan", "not permitted" },
	{ ENOENT,          "berkas atau folder tidak ada", "no such file or folder" },
	{ EIO,             "kesalahan baca-tulis pada disk", "the disk failed to read or write" },
	{ ENOMEM,          "memori habis", "out of memory" },
	{ EACCES,          "tidak ada hak akses", "permission denied" },
	{ EBUSY,           "sedang dipakai", "in use" },
	{ EEXIST,          "sudah ada", "already there" },
	{ EXDEV,           "berada di disk lain", "on another disk" },
	{ ENODEV,          "antarmuka jaringan tidak ada", "no such network interface" },
	{ ENOTDIR,         "bagian dari jalurnya bukan folder", "a part of the path is no folder" },
	{ EISDIR,          "itu sebuah folder", "it is a folder" },
	{ EINVAL,          "nilai tidak sah", "not a valid value" },
	{ ENFILE,          "terlalu banyak berkas terbuka pada mesin ini", "too many open files on this machine" },
	{ EMFILE,          "terlalu banyak berkas terbuka", "too many open files" },
	{ EFBIG,           "berkas terlalu besar", "the file is too large" },
	{ ENOSPC,          "disk penuh", "the disk is full" },
	{ EROFS,           "disk hanya dapat dibaca", "the disk is read-only" },
	{ ENAMETOOLONG,    "nama terlalu panjang", "the name is too long" },
	{ ELOOP,           "tautan simbolik berputar", "symbolic links go round in a circle" },
	{ EDQUOT,          "jatah disk habis", "the disk quota is used up" },
	{ ENOTSUP,         "tidak didukung", "not supported" },
	{ EPROTONOSUPPORT, "protokol tidak didukung", "the protocol is not supported" },
	{ EAFNOSUPPORT,    "jenis alamat tidak didukung", "the kind of address is not supported" },
	{ EADDRINUSE,      "alamat sedang dipakai program lain", "another program uses the address" },
	{ EADDRNOTAVAIL,   "alamat itu bukan milik mesin ini", "the address is not this machine's" },
	{ ENETDOWN,        "jaringan mati", "the network is down" },
	{ ECONNREFUSED,    "sambungan ditolak", "the connection was refused" },
	{ ETIMEDOUT,       "tidak ada jawaban", "no answer" },
	{ EMTHREAD,        "utas masukan-keluaran habis", "no input-output thread is free" },
	{ ENOCOMPATPROTO,  "protokol tidak cocok dengan soket", "the protocol does not fit the socket" },
};
/* clang-format on */

const char *os_error_id (int number, char text[OS_ERROR_TEXT])
{
	snprintf (text, OS_ERROR_TEXT, "kesalahan sistem nomor %d", number);
	for (size_t i = 0; i < COUNT_OF (reasons); i++)
		if (reasons[i].number == number)
			snprintf (text, OS_ERROR_TEXT, "%s", reasons[i].id);
	return text;
}

const char *os_error_en (int number, char text[OS_ERROR_TEXT])
{
	snprintf (text, OS_ERROR_TEXT, "system error number %d", number);
	for (size_t i = 0; i < COUNT_OF (reasons); i++)
		if (reasons[i].number == number)
			snprintf (text, OS_ERROR_TEXT, "%s", reasons[i].en);
	return text;
}

err_t problems_add_os (problems_t *problems, err_t err, const char *field, int number,
		       const char *format_id, const char *format_en, ...)
{
	struct problem said;
	char reason[OS_ERROR_TEXT];
	char id[sizeof said.text_id - OS_ERROR_TEXT - 4], en[sizeof id];
	char *texts[] = { id, en };
	const char *formats[] = { format_id, format_en };

	for (size_t i = 0; i < 2; i++) {
		va_list args;

		va_start (args, format_en);
		vsnprintf (texts[i], sizeof id, formats[i], args);
		va_end (args);
	}
	snprintf (said.text_id, sizeof said.text_id, "%s (%s)", id,
		  os_error_id (number, reason));
	snprintf (said.text_en, sizeof said.text_en, "%s (%s)", en,
		  os_error_en (number, reason));
	return problems_add_texts (problems, err, field, said.text_id, said.text_en);
}
